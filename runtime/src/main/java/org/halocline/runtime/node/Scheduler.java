package org.halocline.runtime.node;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.job.JobPlan;
import org.halocline.runtime.layout.LaneOffer;
import org.halocline.runtime.layout.PlannedLayout;
import org.halocline.runtime.layout.Planner;

/**
 * Which waiting job gets which of the free lanes. Jobs go in the order of {@link JobEntry#ORDER}; several that wait at once
 * share what is free, so that small ones run beside large ones; one that does not fit is passed by those that do, but not for
 * ever. Pure.
 */
final class Scheduler {
  /** After this nobody passes a waiting job any more. */
  private static final long MOST_PASSED_BY_MILLIS = 10 * 60_000;

  /** A job that can start. */
  record Choice(JobEntry job, PlannedLayout planned) {}

  private Scheduler() {}

  /**
   * The next job to start; the others are told why they wait.
   *
   * @param ready
   *          jobs that only lack lanes
   * @param free
   *          lanes that nobody has
   * @param all
   *          these and those that others have: a job that does not fit even there keeps nobody waiting
   * @param hint
   *          why lanes are lacking, if something is wrong; or empty
   */
  static Optional<Choice> next(List<JobEntry> ready, List<LaneOffer> free, List<LaneOffer> all, Optional<String> hint,
      long now) {
    List<JobEntry> queue = ready.stream().sorted(JobEntry.ORDER).toList();
    List<JobEntry> holders = new ArrayList<>();
    for (int i = 0; i < queue.size(); i++) {
      JobEntry job = queue.get(i);
      Optional<JobEntry> holder = holders.stream().filter(other -> wantSameKind(other, job)).findFirst();
      if (holder.isPresent()) {
        job.why = "waits behind " + holder.get().id() + ", which has waited for lanes for long";
        continue;
      }
      Checked<PlannedLayout> planned = plan(job, usable(job, free), queue.size() - i);
      if (planned.isValid())
        return Optional.of(new Choice(job, planned.orThrow()));
      job.why = "waits for lanes: " + Problem.lines(planned.problems()).lines().findFirst().orElse("")
          + job.arithmetic.map(begun -> "; its run began under " + begun).orElse("")
          + hint.map(text -> "; " + text).orElse("");
      if (now - job.waitingSinceEpochMillis > MOST_PASSED_BY_MILLIS && plan(job, usable(job, all), 1).isValid())
        holders.add(job);
    }
    return Optional.empty();
  }

  /** A run goes on under the arithmetic that it began with, however many lanes of another one there are. */
  private static List<LaneOffer> usable(JobEntry job, List<LaneOffer> lanes) {
    List<String> kinds = job.plan.orElseThrow().laneKinds();
    if (job.arithmetic.isEmpty() || kinds.size() > 1)
      return lanes;
    return lanes.stream()
        .filter(lane -> !kinds.contains(lane.kind()) || lane.traits().arithmetic().equals(job.arithmetic.get()))
        .toList();
  }

  private static boolean wantSameKind(JobEntry one, JobEntry other) {
    return one.plan.orElseThrow().laneKinds().stream().anyMatch(other.plan.orElseThrow().laneKinds()::contains);
  }

  /** With an equal share of what is free if that is enough, else with all of it. */
  private static Checked<PlannedLayout> plan(JobEntry job, List<LaneOffer> free, int sharers) {
    JobPlan plan = job.plan.orElseThrow();
    int most = job.order.order().terms().mostLanes().orElse(Integer.MAX_VALUE);
    int lanes = (int) free.stream().filter(lane -> plan.laneKinds().contains(lane.kind())).count();
    if (sharers > 1) {
      int share = Math.max(1, Math.ceilDiv(lanes, sharers));
      Checked<PlannedLayout> planned = Planner.plan(plan,
          LaneBook.close(free, plan.laneKinds(), Math.min(most, share)));
      if (planned.isValid())
        return planned;
    }
    return Planner.plan(plan, LaneBook.close(free, plan.laneKinds(), Math.min(most, lanes)));
  }
}
