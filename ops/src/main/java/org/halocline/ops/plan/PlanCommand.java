package org.halocline.ops.plan;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.halocline.ops.cli.ExitCode;
import org.halocline.ops.cli.Plain;
import org.halocline.ops.cli.Version;
import org.halocline.ops.machine.Gpus;
import org.halocline.ops.machine.JvmNeeds;
import org.halocline.ops.machine.Machine;
import org.halocline.ops.watch.RunView;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.job.JobKinds.CheckedJob;
import org.halocline.runtime.layout.PlannedLayout;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Checks and plans one job and says what it would take, without running it; exit code 2 where it is wrong or does not
 * fit.
 */
@Command(name = "plan", mixinStandardHelpOptions = true, versionProvider = Version.class,
    description = "Says what a job would take: layout, memory, traffic, time.")
public final class PlanCommand implements Callable<Integer> {
  private static final int MOST_GPUS = 1024;
  @Parameters(index = "0", paramLabel = "JOB", description = "Job file, HOCON or JSON.")
  private Path job;
  @Option(names = "--json", description = "Print one JSON object instead of text.")
  private boolean json;
  @Mixin
  private JobSettings settings;
  @Mixin
  private MachineOptions machineOptions;
  @Option(names = "--gpu-memory", paramLabel = "BYTES", description = "Plan for GPUs of so much memory, such as "
      + "80GiB, which need not be here.")
  private Optional<String> gpuMemory = Optional.empty();
  @Option(names = "--gpus", paramLabel = "N", description = "With --gpu-memory: how many GPUs. Left out: 1.")
  private int gpus = 1;
  @Spec
  private CommandSpec spec;

  private Gpus gpus() {
    if (gpuMemory.isEmpty())
      return machineOptions.gpus();
    long bytes = MachineOptions.bytes(spec, "--gpu-memory", gpuMemory, 1 << 30, "1g, such as 80GiB").orElseThrow();
    return Gpus.supposed(MachineOptions.within(spec, "--gpus", gpus, 1, MOST_GPUS), bytes, machineOptions.gpuLanes());
  }

  @Override
  public Integer call() {
    Machine cores = machineOptions.supposed();
    Checked<JobOutlook> outlook = Jobs.calibrated()
        .then(parts -> settings.read(job).then(parts.kinds()::check).then(checked -> {
          Machine machine = PreparedRun.machine(checked.plan(), cores, this::gpus);
          return PreparedRun.layout(checked.plan(), machine).map(layout -> outlook(checked, layout, machine));
        }));
    return switch (outlook) {
      case Checked.Valid<JobOutlook>(JobOutlook good) -> {
        System.out.print(Plain.text(json ? PlanJson.text(good) : PlanText.text(good)));
        yield 0;
      }
      case Checked.Invalid<JobOutlook>(List<Problem> problems) -> {
        RunView.of(json).refused(job.toString(), problems);
        yield ExitCode.BAD_INPUT;
      }
    };
  }

  private JobOutlook outlook(CheckedJob checked, PlannedLayout layout, Machine machine) {
    return new JobOutlook(job.toString(), checked.kind(), machine, layout, JvmNeeds.of(layout),
        checked.plan().forecast(layout.layout(), layout.sharing()), checked.plan().notes());
  }
}
