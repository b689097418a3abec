package org.halocline.runtime.cluster;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * One lane of a node.
 *
 * @param number
 *          on its node
 * @param kind
 *          "core", "cuda"
 * @param job
 *          that has it
 * @param domain
 *          of that job
 * @param rank
 *          of that domain; empty for a lane that stands idle for the sake of its memory
 * @param computing
 *          share of the time since the last report in which a kernel ran, 0 to 1
 * @param waiting
 *          share in which it had a rank but nobody held it
 * @param copying
 *          share in which numbers were moved to and from staging memory; part of computing where nobody tells them apart
 */
public record LaneStatus(int number, String kind, String name, Optional<String> job, OptionalInt domain,
    OptionalInt rank, double computing, double waiting, double copying) {}
