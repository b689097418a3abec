package org.halocline.runtime.supervisor;

import java.time.Duration;

/**
 * How long the coordinator waits before it goes on without an answer.
 *
 * @param lanes
 *          for any node to offer lanes
 * @param cancel
 *          for a cancelled job to end: enough for a checkpoint
 * @param stop
 *          for a job's actor to stop after its last event
 * @param release
 *          for nodes to stop a job's ranks
 * @param abandon
 *          for a job that has lost a part to end: what is whole may write a checkpoint
 */
public record Timeouts(Duration lanes, Duration cancel, Duration stop, Duration release, Duration abandon) {

  public static Timeouts usual() {
    return new Timeouts(Duration.ofSeconds(15), Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofSeconds(10),
        Duration.ofSeconds(3));
  }
}
