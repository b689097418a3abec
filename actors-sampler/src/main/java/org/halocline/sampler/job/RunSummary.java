package org.halocline.sampler.job;

import java.util.Map;
import org.halocline.domain.program.Collected;
import org.halocline.domain.program.LaneUse;
import org.halocline.domain.program.RankReply;

/**
 * What a run cost on one rank, and its few numbers.
 *
 * @param lanes what the rank's lane did in each part; for the fastest run of a part
 * @param collections garbage collections of the rank's JVM in each part, all its runs together
 * @param bytesSent by the rank, by phase
 * @param exchanges of the rank
 * @param results by dashed name; the same on every rank
 */
record RunSummary(Map<String, LaneUse> lanes, Map<String, Collected> collections, Map<String, Long> bytesSent,
    long exchanges, Map<String, Double> results) implements RankReply {}
