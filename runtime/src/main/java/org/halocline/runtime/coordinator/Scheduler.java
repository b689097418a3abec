package org.halocline.runtime.coordinator;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.job.JobPlan;
import org.halocline.runtime.layout.LaneOffer;
import org.halocline.runtime.layout.PlannedLayout;
import org.halocline.runtime.layout.Planner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which waiting job gets which of the free lanes. Jobs go in the order of {@link JobEntry#ORDER}; several that wait at
 * once share what is free, so that small ones run beside large ones; one that does not fit is passed by those that do,
 * but not for ever. Pure.
 */
final class Scheduler {
  private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);
  /** After this no job passes a waiting job any more. */
  private static final long MOST_PASSED_BY_MILLIS = 10 * 60_000;

  record Choice(JobEntry job, PlannedLayout planned) {}

  private Scheduler() {}

  /**
   * The next job to start; the other jobs are told why they wait. A job that would not fit even if all lanes were free
   * holds no other job up. A job that would fit holds up only jobs that want lanes of its kind.
   *
   * @param ready jobs that only lack lanes
   * @param free lanes that no job has
   * @param all all lanes, free or not
   * @param unused which lanes are not among them, and why; or empty
   */
  static Optional<Choice> next(List<JobEntry> ready, List<LaneOffer> free, List<LaneOffer> all, Optional<String> unused,
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
      Checked<PlannedLayout> alone = tried(job, all, 1);
      job.why = why(job, planned, alone, free, all) + unused.map(text -> "; " + text).orElse("");
      if (now - job.waitingSinceEpochMillis > MOST_PASSED_BY_MILLIS && alone.isValid())
        kinds.forEach(kind -> holders.put(kind, job));
    }
    return Optional.empty();
  }

  /**
   * What a job waits for: lanes that are busy, lanes that no node has, its own limit, or something that more lanes do
   * not cure.
   *
   * @param planned on what is free
   * @param alone on all that there is
   */
  private static String why(JobEntry job, Checked<PlannedLayout> planned, Checked<PlannedLayout> alone,
      List<LaneOffer> free, List<LaneOffer> all) {
    JobPlan plan = job.plan.orElseThrow();
    String kinds = String.join(" and ", plan.laneKinds());
    if (alone.isValid()) {
      long lanes = suiting(all, plan).count();
      long idle = suiting(free, plan).count();
      return "waits for busy lanes: " + idle + " of " + lanes + (lanes == 1 ? " lane" : " lanes") + " of kind " + kinds
          + (idle == 1 ? " is free" : " are free") + (idle == 0 ? "" : "; " + first(planned.problems()));
    }
    List<String> missing = plan.laneKinds().stream()
        .filter(kind -> all.stream().noneMatch(lane -> lane.kind().equals(kind))).toList();
    if (!missing.isEmpty())
      return "waits for a node that offers a lane of kind " + String.join(" and ", missing) + ": none does, of "
          + all.size() + (all.size() == 1 ? " lane" : " lanes") + " that can be used";
    if (job.order.order().terms().mostLanes().isPresent() && tried(job, all, 1, Integer.MAX_VALUE).isValid())
      return "cannot run on as few lanes as its limit of " + job.order.order().terms().mostLanes().getAsInt()
          + " lets it have: " + first(alone.problems());
    return "waits for more than there is: " + first(alone.problems()).replace(" are free", " are there in all")
        .replace(" is free", " is there in all");
  }

  private static Stream<LaneOffer> suiting(List<LaneOffer> lanes, JobPlan plan) {
    return lanes.stream().filter(lane -> plan.laneKinds().contains(lane.kind()));
  }

  private static String first(List<Problem> problems) {
    return Problem.lines(problems).lines().findFirst().orElse("");
  }

  /** A job whose plan fails stands in no other job's way. */
  private static Checked<PlannedLayout> tried(JobEntry job, List<LaneOffer> offered, int sharers) {
    return tried(job, offered, sharers, job.order.order().terms().mostLanes().orElse(Integer.MAX_VALUE));
  }

  private static Checked<PlannedLayout> tried(JobEntry job, List<LaneOffer> offered, int sharers, int most) {
    try {
      return plan(job, offered, sharers, most);
    } catch (RuntimeException e) {
      LOG.error("job {} cannot be planned", job.id(), e);
      return Checked.invalid(Problem.of("layout", "cannot be planned: " + e, "see the coordinator's log"));
    }
  }

  private static Checked<PlannedLayout> plan(JobEntry job, List<LaneOffer> offered, int sharers, int most) {
    JobPlan plan = job.plan.orElseThrow();
    if (job.arithmetic.isEmpty())
      return planned(plan, offered, sharers, most);
    String begun = job.arithmetic.get();
    List<LaneOffer> fitting = offered.stream().filter(lane -> suits(lane, plan, begun)).toList();
    if (offered.size() > fitting.size()
        && fitting.stream().noneMatch(lane -> plan.laneKinds().contains(lane.kind())))
      return Checked.invalid(lacks(begun));
    Checked<PlannedLayout> planned = planned(plan, fitting, sharers, most);
    return planned.isValid() && !planned.orThrow().arithmetic().equals(begun)
        ? Checked.invalid(lacks(begun))
        : planned;
  }

  /**
   * A run goes on under the arithmetic it began with, or not at all; of lanes that only lend their memory it does not
   * matter.
   */
  private static boolean suits(LaneOffer lane, JobPlan plan, String begun) {
    return !plan.laneKinds().contains(lane.kind())
        || List.of(begun.split(Pattern.quote(PlannedLayout.AND))).contains(lane.traits().arithmetic());
  }

  private static Problem lacks(String begun) {
    return Problem.of("layout", "began on lanes of " + begun + ", and none of these lanes compute the same bits",
        "start a node that offers such lanes");
  }

  /** With an equal share of what is free if that is enough, else with all of it. */
  private static Checked<PlannedLayout> planned(JobPlan plan, List<LaneOffer> free, int sharers, int most) {
    int lanes = (int) free.stream().filter(lane -> plan.laneKinds().contains(lane.kind())).count();
    if (sharers > 1) {
      int share = Math.max(1, Math.ceilDiv(lanes, sharers));
      Checked<PlannedLayout> planned = Planner.plan(plan,
          LaneAllocation.close(free, plan.laneKinds(), Math.min(most, share)));
      if (planned.isValid())
        return planned;
    }
    return Planner.plan(plan, LaneAllocation.close(free, plan.laneKinds(), Math.min(most, lanes)));
  }
}
