package org.halocline.runtime.store;

import java.util.Optional;
import java.util.OptionalLong;
import org.halocline.runtime.cluster.JobState;
import org.halocline.runtime.job.Recovery;
import org.halocline.runtime.layout.Layout;
import org.halocline.runtime.store.StoredJob.State;

/** How a job's stored state goes from one to the next. Pure. */
public final class StateChange {
  private StateChange() {}

  public static State started(State now, Layout layout, long at) {
    return new State(JobState.RUNNING, "", now.cancelled(), Optional.of(layout), now.incarnation(), now.starts() + 1,
        now.fruitless(), now.ranMillis(), at, now.lastRecovery(),
        now.startedEpochMillis().isPresent() ? now.startedEpochMillis() : OptionalLong.of(at), OptionalLong.empty(),
        now.progress());
  }

  /** The run directory is open under this incarnation. */
  public static State accepted(State now, int incarnation, Optional<Recovery> recovery) {
    return new State(now.state(), now.why(), now.cancelled(), now.layout(), incarnation, now.starts(), now.fruitless(),
        now.ranMillis(), now.lastStartEpochMillis(), recovery.or(now::lastRecovery), now.startedEpochMillis(),
        now.endedEpochMillis(), now.progress());
  }

  /**
   * @param fruitless starts in a row that came no further
   * @param ranMillis in all
   */
  public static State queued(State now, String why, int fruitless, long ranMillis) {
    return new State(JobState.QUEUED, why, now.cancelled(), now.layout(), now.incarnation(), now.starts(), fruitless,
        ranMillis, now.lastStartEpochMillis(), now.lastRecovery(), now.startedEpochMillis(), OptionalLong.empty(),
        now.progress());
  }

  public static State ended(State now, JobState last, String why, long ranMillis, long at) {
    return new State(last, why, now.cancelled(), now.layout(), now.incarnation(), now.starts(), now.fruitless(),
        ranMillis, now.lastStartEpochMillis(), now.lastRecovery(), now.startedEpochMillis(), OptionalLong.of(at),
        now.progress());
  }

  public static State cancelled(State now, String reason) {
    return new State(now.state(), now.why(), Optional.of(reason), now.layout(), now.incarnation(), now.starts(),
        now.fruitless(), now.ranMillis(), now.lastStartEpochMillis(), now.lastRecovery(), now.startedEpochMillis(),
        now.endedEpochMillis(), now.progress());
  }

  /** It has come so far, or was further before. */
  public static State progressed(State now, double progress) {
    return progress <= now.progress()
        ? now
        : new State(now.state(), now.why(), now.cancelled(), now.layout(), now.incarnation(), now.starts(),
            now.fruitless(), now.ranMillis(), now.lastStartEpochMillis(), now.lastRecovery(), now.startedEpochMillis(),
            now.endedEpochMillis(), progress);
  }
}
