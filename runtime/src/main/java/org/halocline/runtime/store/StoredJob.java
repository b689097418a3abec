package org.halocline.runtime.store;

import java.util.Optional;
import java.util.OptionalLong;
import org.halocline.runtime.cluster.JobOrder;
import org.halocline.runtime.cluster.JobState;
import org.halocline.runtime.job.Recovery;
import org.halocline.runtime.layout.Layout;

/** A job as the state directory holds it. */
public record StoredJob(Order order, State state) {
  /**
   * Written once.
   *
   * @param runDirectory settled: the order's, or one in the state directory
   */
  public record Order(JobOrder order, String runDirectory, long submittedEpochMillis) {
    public String id() {
      return order.spec().id();
    }

    public JobKey key() {
      return new JobKey(id(), submittedEpochMillis);
    }
  }

  /**
   * Written whenever it changes.
   *
   * @param why it waits, failed or was cancelled
   * @param cancelled why it is to end, once a client asked for that
   * @param incarnation of the run directory, at the last start
   * @param starts how often it was started
   * @param fruitless starts in a row that came no further
   * @param ranMillis that it has run in all, but for the present start
   * @param lastStartEpochMillis 0 before the first
   * @param progress the furthest it has come, 0 to 1
   */
  public record State(JobState state, String why, Optional<String> cancelled, Optional<Layout> layout, int incarnation,
      int starts, int fruitless, long ranMillis, long lastStartEpochMillis,
      Optional<Recovery> lastRecovery, OptionalLong startedEpochMillis, OptionalLong endedEpochMillis,
      double progress) {
    public static State fresh() {
      return new State(JobState.QUEUED, "", Optional.empty(), Optional.empty(), 0, 0, 0, 0, 0, Optional.empty(),
          OptionalLong.empty(), OptionalLong.empty(), 0);
    }

    /** Of a job that has ended in an unknown way. */
    public static State lost() {
      return new State(JobState.FAILED, "it has ended, but its state is missing or broken on the disk",
          Optional.empty(), Optional.empty(), 1, 1, 0, 0, 0, Optional.empty(), OptionalLong.empty(),
          OptionalLong.empty(), 0);
    }

    public State started(Layout planned, long now) {
      return new State(JobState.RUNNING, "", cancelled, Optional.of(planned), incarnation, starts + 1, fruitless,
          ranMillis, now, lastRecovery, OptionalLong.of(startedEpochMillis.orElse(now)), OptionalLong.empty(),
          progress);
    }

    /** The run directory is open under this incarnation. */
    public State accepted(int opened, Optional<Recovery> recovery) {
      return new State(state, why, cancelled, layout, opened, starts, fruitless, ranMillis, lastStartEpochMillis,
          recovery.or(() -> lastRecovery), startedEpochMillis, endedEpochMillis, progress);
    }

    /**
     * @param inARow starts in a row that came no further
     * @param ran milliseconds in all
     */
    public State queued(String because, int inARow, long ran) {
      return new State(JobState.QUEUED, because, cancelled, layout, incarnation, starts, inARow, ran,
          lastStartEpochMillis, lastRecovery, startedEpochMillis, OptionalLong.empty(), progress);
    }

    public State ended(JobState last, String because, long ran, long now) {
      return new State(last, because, cancelled, layout, incarnation, starts, fruitless, ran, lastStartEpochMillis,
          lastRecovery, startedEpochMillis, OptionalLong.of(now), progress);
    }

    public State cancelled(String reason) {
      return new State(state, why, Optional.of(reason), layout, incarnation, starts, fruitless, ranMillis,
          lastStartEpochMillis, lastRecovery, startedEpochMillis, endedEpochMillis, progress);
    }

    /** It has come so far, or was further before. */
    public State progressed(double now) {
      return new State(state, why, cancelled, layout, incarnation, starts, fruitless, ranMillis, lastStartEpochMillis,
          lastRecovery, startedEpochMillis, endedEpochMillis, Math.max(progress, now));
    }
  }
}
