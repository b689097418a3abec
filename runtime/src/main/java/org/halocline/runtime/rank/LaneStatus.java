package org.halocline.runtime.rank;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * One lane of a node.
 *
 * @param number on its node
 * @param kind "core", "cuda"
 * @param job that has it
 * @param domain of that job
 * @param rank of that domain; empty for a lane that stands idle for the sake of its memory
 * @param computing share of the time since the last report in which a chain held it, but for copying, 0 to 1
 * @param waiting share in which it had a rank but no chain held it
 * @param copying share in which its holder moved numbers to and from staging memory
 */
public record LaneStatus(int number, String kind, String name, Optional<String> job, OptionalInt domain,
    OptionalInt rank, double computing, double waiting, double copying) {}
