package org.halocline.ops.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.halocline.ops.machine.JvmNeeds;
import org.halocline.ops.machine.Machine;
import org.halocline.runtime.config.Bytes;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.job.JobPlan;
import org.halocline.runtime.layout.PlannedLayout;
import org.halocline.runtime.layout.Planner;
import org.halocline.runtime.layout.WhatFits;

/** Says in numbers why a job does not fit, and what would. */
final class TooLarge {
  private TooLarge() {}

  /**
   * Where memory alone lacks, gives one problem instead of the planner's. Otherwise it gives the planner's and, where a
   * smaller job or a larger machine would do, says which.
   */
  static List<Problem> problems(JobPlan plan, List<Problem> refusal, Machine machine) {
    Optional<String> ways = WhatFits.of(plan, machine.offers()).inWords().map(text -> "what would fit: " + text);
    Optional<PlannedLayout> leanest = Planner.leanest(plan, machine.boundlessOffers());
    if (leanest.isPresent())
      return List.of(Problem.of("memory", shortage(leanest.get(), machine),
          ways.orElse("nothing of its shape would fit here: take another machine")));
    List<Problem> problems = new ArrayList<>(refusal);
    ways.ifPresent(text -> problems.add(Problem.of("layout", "cannot be had on this machine", text)));
    return problems;
  }

  /** @param leanest the layout that takes least, and still too much */
  private static String shortage(PlannedLayout leanest, Machine machine) {
    String node = JvmNeeds.of(leanest).inWords();
    String layout = " in its leanest layout, " + leanest.layout() + ", and there are ";
    return leanest.deviceBytes() == 0
        ? "the job needs " + node + layout + Bytes.text(machine.availableBytes())
        : "the job needs " + Bytes.text(leanest.deviceBytes()) + " of device memory, and of the node " + node + layout
            + Bytes.text(machine.gpus().laneBytes()) + " on " + machine.gpus().list().size()
            + (machine.gpus().list().size() == 1 ? " GPU" : " GPUs") + ", and " + Bytes.text(machine.availableBytes())
            + " of the node";
  }
}
