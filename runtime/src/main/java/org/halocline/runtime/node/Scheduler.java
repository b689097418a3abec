package org.halocline.runtime.node;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.job.JobPlan;
import org.halocline.runtime.layout.LaneOffer;
import org.halocline.runtime.layout.PlannedLayout;
import org.halocline.runtime.layout.Planner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which waiting job gets which of the free lanes. Jobs go in the order of {@link JobEntry#ORDER}; several that wait at once
 * share what is free, so that small ones run beside large ones; one that does not fit is passed by those that do, but not for
 * ever. Pure.
 */
final class Scheduler {
  private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);
  /** After this nobody passes a waiting job any more. */
  private static final long MOST_PASSED_BY_MILLIS = 10 * 60_000;

  /** A job that can start. */
  record Choice(JobEntry job, PlannedLayout planned) {}

  private Scheduler() {}

  /**
   * The next job to start; the others are told why they wait. A job that would not fit either if nobody else had a lane holds
   * nobody up, and one that does holds up only those that want lanes of its kind.
   *
   * @param ready
   *          jobs that only lack lanes
   * @param free
   *          lanes that nobody has
   * @param all
   *          lanes that there are, whoever has them
   * @param hint
   *          why lanes are lacking, if something is wrong; or empty
   */
  static Optional<Choice> next(List<JobEntry> ready, List<LaneOffer> free, List<LaneOffer> all, Optional<String> hint,
      long now) {
    List<JobEntry> queue = ready.stream().sorted(JobEntry.ORDER).toList();
    Map<String, JobEntry> holders = new HashMap<>();
    for (int i = 0; i < queue.size(); i++) {
      JobEntry job = queue.get(i);
      List<String> kinds = job.plan.orElseThrow().laneKinds();
      Optional<JobEntry> holder = kinds.stream().map(holders::get).filter(Objects::nonNull).findFirst();
      if (holder.isPresent()) {
        job.why = "waits behind " + holder.get().id() + ", which has waited for lanes for long";
        continue;
      }
      Checked<PlannedLayout> planned = tried(job, free, queue.size() - i);
      if (planned.isValid())
        return Optional.of(new Choice(job, planned.orThrow()));
      job.why = "waits for lanes: " + Problem.lines(planned.problems()).lines().findFirst().orElse("")
          + hint.map(text -> "; " + text).orElse("");
      if (now - job.waitingSinceEpochMillis > MOST_PASSED_BY_MILLIS && tried(job, all, 1).isValid())
        kinds.forEach(kind -> holders.put(kind, job));
    }
    return Optional.empty();
  }

  /** A job whose plan breaks stands in nobody else's way. */
  private static Checked<PlannedLayout> tried(JobEntry job, List<LaneOffer> offered, int sharers) {
    try {
      return plan(job, offered, sharers);
    } catch (RuntimeException e) {
      LOG.error("job {} cannot be planned", job.id(), e);
      return Checked.invalid(Problem.of("layout", "cannot be planned: " + e, "see the coordinator's log"));
    }
  }

  private static Checked<PlannedLayout> plan(JobEntry job, List<LaneOffer> offered, int sharers) {
    JobPlan plan = job.plan.orElseThrow();
    if (job.arithmetic.isEmpty())
      return planned(job, plan, offered, sharers);
    String begun = job.arithmetic.get();
    List<LaneOffer> fitting = offered.stream().filter(lane -> suits(lane, plan, begun)).toList();
    if (offered.size() > fitting.size()
        && fitting.stream().noneMatch(lane -> plan.laneKinds().contains(lane.kind())))
      return Checked.invalid(lacks(begun));
    Checked<PlannedLayout> planned = planned(job, plan, fitting, sharers);
    return planned.isValid() && !planned.orThrow().arithmetic().equals(begun)
        ? Checked.invalid(lacks(begun))
        : planned;
  }

  /** A run goes on under the arithmetic it began with, or not at all; of lanes that only lend their memory it does not matter. */
  private static boolean suits(LaneOffer lane, JobPlan plan, String begun) {
    return !plan.laneKinds().contains(lane.kind())
        || List.of(begun.split(Pattern.quote(PlannedLayout.AND))).contains(lane.traits().arithmetic());
  }

  private static Problem lacks(String begun) {
    return Problem.of("layout", "began on lanes of " + begun + ", and none that are free compute the same bits",
        "wait for such lanes, or start a node that offers them");
  }

  /** With an equal share of what is free if that is enough, else with all of it. */
  private static Checked<PlannedLayout> planned(JobEntry job, JobPlan plan, List<LaneOffer> free, int sharers) {
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
