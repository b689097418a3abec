package org.halocline.ops.plan;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.halocline.ops.machine.Gpus;
import org.halocline.ops.machine.Machine;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.job.JobFile;
import org.halocline.runtime.job.JobKinds.CheckedJob;
import org.halocline.runtime.job.JobKinds;
import org.halocline.runtime.job.JobPlan;
import org.halocline.runtime.job.JobSpec;
import org.halocline.runtime.lane.LaneTraits;
import org.halocline.runtime.layout.PlannedLayout;
import org.halocline.runtime.layout.Planner;
import org.halocline.runtime.run.RunDirectory;
import org.halocline.runtime.run.RunRequest;

/**
 * A job that passed every check that can be made before anything is started or written.
 *
 * @param machine that it was planned for
 * @param output its run directory; not made yet where the user named none
 */
public record PreparedRun(JobFile file, JobPlan plan, JobSpec spec, PlannedLayout planned, Machine machine,
    Path output) {
  /**
   * Checks job, layout and run directory; the problems of all of them come together.
   *
   * @param cores the machine without its GPUs
   * @param gpus looks for them, where the job wants any
   */
  public static Checked<PreparedRun> of(Checked<JobFile> job, Optional<Path> output, boolean resume, JobKinds kinds,
      Machine cores,
      Supplier<Gpus> gpus) {
    return job.then(file -> kinds.check(file)
        .then(checked -> of(file, checked, output, resume, machine(checked.plan(), cores, gpus))));
  }

  /** What of the machine the job may have. */
  static Machine machine(JobPlan plan, Machine cores, Supplier<Gpus> gpus) {
    return plan.laneKinds().contains(LaneTraits.CUDA) ? cores.with(gpus.get()) : cores;
  }

  private static Checked<PreparedRun> of(JobFile file, CheckedJob job, Optional<Path> output, boolean resume,
      Machine machine) {
    OutputFolder folder = outputFolder(file);
    Checked<PlannedLayout> layout = layout(job.plan(), machine);
    Checked<JobSpec> spec = job.spec();
    Checked<Path> path = output.map(Checked::valid).orElseGet(() -> resume ? folder.newest() : folder.next());
    List<Problem> problems = new ArrayList<>(layout.problems());
    problems.addAll(spec.problems());
    problems.addAll(path.problems());
    if (spec.isValid() && path.isValid())
      problems.addAll(RunDirectory.inspect(request(file, job.plan(), spec.orThrow(), path.orThrow(), resume,
          layout.toOptional().map(PlannedLayout::arithmetic).orElse(""))));
    return problems.isEmpty()
        ? Checked.valid(new PreparedRun(file, job.plan(), spec.orThrow(), layout.orThrow(), machine, path.orThrow()))
        : Checked.invalid(problems);
  }

  /**
   * The planner's choice; where a larger machine would hold the job, the problems say how large, and what fits here.
   */
  static Checked<PlannedLayout> layout(JobPlan plan, Machine machine) {
    if (plan.laneKinds().contains(LaneTraits.CUDA) && machine.gpus().isEmpty())
      return Checked.invalid(new Problem("layout.device", plan.laneKinds().size() > 1 ? "mixed" : "gpu",
          "there is no GPU to be used here: " + machine.gpus().reason(),
          "leave layout.device out to run on cores, or see halocline doctor"));
    Checked<PlannedLayout> layout = Planner.plan(plan, machine.offers());
    return layout.isValid() ? layout : Checked.invalid(TooLarge.problems(plan, layout.problems(), machine));
  }

  public static OutputFolder outputFolder(JobFile file) {
    return new OutputFolder(Path.of("runs"), file.stem());
  }

  private static RunRequest request(JobFile file, JobPlan plan, JobSpec spec, Path output, boolean resume,
      String arithmetic) {
    return new RunRequest(output, resume, spec.id(), spec.kind(), file.name(), file.text(), spec.resolvedText(),
        spec.inputDigests(), plan.freeKeys(), plan.growingKeys(), arithmetic, plan.outputBytes());
  }
}
