package org.halocline.runtime.cluster;

/** Where a job stands. The last three are for good. */
public enum JobState {
  /** Waits for lanes, for a node, or for its next start after a failure. */
  QUEUED, RUNNING, FINISHED, FAILED, CANCELLED;

  public boolean isLast() {
    return this == FINISHED || this == FAILED || this == CANCELLED;
  }
}
