package org.halocline.runtime.supervisor;

import java.time.Duration;

/**
 * How long the coordinator and the supervisors wait for an answer.
 *
 * @param lanes for a node to offer lanes, in a process that runs jobs for itself
 * @param cancel for a cancelled job to end: enough for a checkpoint
 * @param stop for a job's actor to stop after its last event
 * @param release for nodes to stop a job's ranks
 * @param abandon for a job that has lost a part to end: the other parts may write a checkpoint
 */
public record Timeouts(Duration lanes, Duration cancel, Duration stop, Duration release, Duration abandon) {

  public static Timeouts usual() {
    return new Timeouts(Duration.ofSeconds(15), Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofSeconds(10),
        Duration.ofSeconds(3));
  }
}
