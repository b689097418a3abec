package org.halocline.ops;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.halocline.domain.cost.Forecasts;
import org.halocline.ops.bench.CalibrationFile;
import org.halocline.ops.machine.JvmNeeds;
import org.halocline.ops.machine.Machine;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.job.JobFile;
import org.halocline.runtime.job.JobKinds.CheckedJob;
import org.halocline.runtime.layout.PlannedLayout;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks and plans one job and says what it would take, without running it; exit code 2 where it is wrong or does not fit. */
@Command(name = "plan", mixinStandardHelpOptions = true, versionProvider = Version.class, description = "Says what a job would take: layout, memory, traffic, time.")
final class PlanCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "JOB", description = "Job file, HOCON or JSON.")
  private Path job;

  @Option(names = "--json", description = "Print one JSON object instead of text.")
  private boolean json;

  @Mixin
  private MachineOptions machineOptions;

  @Override
  public Integer call() {
    Machine machine = machineOptions.whole();
    Checked<JobOutlook> outlook = CalibrationFile.current().map(Forecasts::new)
        .then(forecasts -> JobFile.read(job).then(Jobs.parts(forecasts).kinds()::check)
            .then(checked -> PreparedRun.layout(checked.plan(), machine)
                .map(layout -> outlook(checked, layout, machine))));
    return switch (outlook) {
      case Checked.Valid<JobOutlook>(JobOutlook good) -> {
        System.out.print(json ? PlanJson.text(good) : PlanText.text(good));
        yield 0;
      }
      case Checked.Invalid<JobOutlook>(List<Problem> problems) -> {
        RunView view = json
            ? new JsonView(System.out)
            : new PlainView(System.out, System.err, System::nanoTime);
        view.refused(job.toString(), problems);
        yield Main.BAD_INPUT;
      }
    };
  }

  private JobOutlook outlook(CheckedJob checked, PlannedLayout layout, Machine machine) {
    return new JobOutlook(job.toString(), checked.kind(), machine, layout, JvmNeeds.of(layout),
        checked.plan().forecast(layout.layout()));
  }
}
