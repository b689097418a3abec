package org.halocline.runtime.node;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.halocline.runtime.job.JobEvent;

/** A job that was submitted. Thread-safe. */
public final class JobRun {
  private final String jobId;
  private final CompletableFuture<JobEvent> outcome;
  private final java.util.function.Consumer<String> cancel;

  JobRun(String jobId, CompletableFuture<JobEvent> outcome, java.util.function.Consumer<String> cancel) {
    this.jobId = jobId;
    this.outcome = outcome;
    this.cancel = cancel;
  }

  public String jobId() {
    return jobId;
  }

  /** The last event; it always comes, also when the node stops first. */
  public CompletionStage<JobEvent> outcome() {
    return outcome;
  }

  /** Waits for the last event. */
  public JobEvent await() throws InterruptedException {
    try {
      return outcome.get();
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException("an outcome never fails", e);
    }
  }

  /** Asks the job to end soon; {@link #outcome} says when it has. */
  public void cancel(String reason) {
    cancel.accept(reason);
  }
}
