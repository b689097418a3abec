package org.halocline.domain.job;

import java.util.Map;
import org.halocline.domain.RankReply;

/**
 * What a run cost, and its few numbers.
 *
 * @param seconds wall time by part, on rank 0
 * @param bytesMoved sent between ranks, all ranks together
 * @param exchanges of rank 0
 * @param heapBytes planned fields of the largest rank
 * @param stagingBytes planned native memory of the largest rank
 * @param results by dashed name
 */
record RunSummary(Map<String, Double> seconds, long bytesMoved, long exchanges, long heapBytes, long stagingBytes,
    Map<String, Double> results) implements RankReply {}
