package org.halocline.sampler.job;

import java.util.List;
import java.util.Map;
import org.halocline.domain.program.Collected;
import org.halocline.domain.program.LaneUse;
import org.halocline.domain.program.RankReply;

/**
 * What a run cost, and its few numbers.
 *
 * @param lanes what the lanes did in each part, by rank; for the fastest run of a part on each
 * @param collections garbage collections in each part, all its runs together, of the rank that met most
 * @param bytesMoved sent between ranks, all ranks together, by phase
 * @param exchanges of rank 0
 * @param deviceBytes planned memory of a device, of the largest rank; 0 on cores
 * @param heapBytes planned heap of the largest rank
 * @param stagingBytes planned native memory of the largest rank
 * @param results by dashed name
 */
record RunSummary(Map<String, List<LaneUse>> lanes, Map<String, Collected> collections, Map<String, Long> bytesMoved,
    long exchanges, long deviceBytes, long heapBytes, long stagingBytes,
    Map<String, Double> results) implements RankReply {

  /** Wall time of a part on rank 0, seconds. */
  double seconds(String part) {
    return lanes.get(part).getFirst().seconds();
  }

  long allBytesMoved() {
    return bytesMoved.values().stream().mapToLong(Long::longValue).sum();
  }
}
