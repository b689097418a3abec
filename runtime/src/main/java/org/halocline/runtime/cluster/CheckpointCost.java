package org.halocline.runtime.cluster;

/**
 * What a job's checkpoints have cost since its present start.
 *
 * @param count
 *          over all chains
 * @param millis
 *          that chains waited for them, summed
 * @param bytes
 *          written
 * @param share
 *          of the chains' wall time, 0 to 1
 */
public record CheckpointCost(long count, long millis, long bytes, double share) {
  public static CheckpointCost none() {
    return new CheckpointCost(0, 0, 0, 0);
  }
}
