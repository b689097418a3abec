package org.halocline.sampler.chain;

/**
 * What the checkpoints of one chain have cost since this start.
 *
 * @param seconds that the chain waited for them
 * @param bytes written
 * @param share of the chain's wall time
 */
public record CheckpointTally(long count, double seconds, long bytes, double share) {}
