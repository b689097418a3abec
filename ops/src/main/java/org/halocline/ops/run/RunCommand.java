package org.halocline.ops.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.halocline.ops.cli.ExitCode;
import org.halocline.ops.cli.ShutdownHook;
import org.halocline.ops.cli.Version;
import org.halocline.ops.machine.JvmNeeds;
import org.halocline.ops.machine.Machine;
import org.halocline.ops.plan.JobSettings;
import org.halocline.ops.plan.Jobs;
import org.halocline.ops.plan.MachineOptions;
import org.halocline.ops.plan.PreparedRun;
import org.halocline.ops.watch.RunView;
import org.halocline.runtime.cluster.JobOrder;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.files.StorageException;
import org.halocline.runtime.membership.NodeException;
import org.halocline.runtime.node.HaloclineNode;
import org.halocline.runtime.node.NodeParts;
import org.halocline.runtime.node.NodeSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Runs one job on a node of its own. It checks everything, starts the node, submits the job by message, shows its
 * events and ends with its exit code. With {@code --plan-memory} it only checks and plans, and prints the JVM options
 * that the job needs.
 */
@Command(name = "run", mixinStandardHelpOptions = true, versionProvider = Version.class,
    description = "Runs a job file to its end.")
public final class RunCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "JOB", description = "Job file, HOCON or JSON.")
  private Path job;
  @Option(names = "--output", paramLabel = "DIR", description = "Run directory. Left out: runs/<job>-<n>, the next "
      + "n, or with --resume the newest.")
  private Optional<Path> output = Optional.empty();
  @Option(names = "--resume", description = "Go on with the run that is there; the results are the same, bit for bit.")
  private boolean resume;
  @Option(names = "--json", description = "Print one JSON object a line instead of text.")
  private boolean json;
  @Mixin
  private JobSettings settings;
  @Mixin
  private MachineOptions machineOptions;
  @Option(names = "--plan-memory", hidden = true)
  private boolean planMemory;

  @Override
  public Integer call() throws InterruptedException {
    Checked<Machine> machine = planMemory ? machineOptions.whole() : machineOptions.ofThisJvm();
    RunView view = RunView.of(json);
    Checked<NodeParts> parts = Jobs.calibrated();
    return switch (machine.then(cores -> parts.then(known -> PreparedRun.of(settings.read(job), output, resume,
        known.kinds(), cores, machineOptions::gpus)))) {
      case Checked.Invalid<PreparedRun>(List<Problem> problems) -> {
        view.refused(job.toString(), problems);
        yield ExitCode.BAD_INPUT;
      }
      case Checked.Valid<PreparedRun>(PreparedRun prepared) -> {
        if (planMemory) {
          System.out.println(String.join(" ", prepared.machine().options(JvmNeeds.of(prepared.planned()))));
          yield 0;
        }
        yield run(prepared, Jobs.on(prepared.machine(), parts.orThrow()), view);
      }
    };
  }

  private int run(PreparedRun prepared, NodeParts parts, RunView view) throws InterruptedException {
    try {
      Path directory = output.isPresent() || resume
          ? prepared.output()
          : PreparedRun.outputFolder(prepared.file()).reserve();
      view.starts(job.toString(), prepared.spec().kind(), directory);
      NodeSettings defaults = NodeSettings.defaults();
      Machine machine = prepared.machine();
      NodeSettings settings = defaults.withLanes(machine.lanes(), machine.laneBytes())
          .withDataPlane(prepared.plan().dataPlane(defaults.dataPlane()));
      try (HaloclineNode node = HaloclineNode.start(settings, parts);
          ShutdownHook _ = new ShutdownHook("stop-notice", () -> stopping(view))) {
        JobOrder order = JobOrder.of(prepared.spec(), prepared.file()).in(directory, resume)
            .withPlannedPeak(Long.getLong(Machine.PEAK, 0));
        return RunView.exitCode(node.client().run(order, event -> {
          synchronized (view) {
            view.event(event);
          }
        }).toCompletableFuture().get());
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("the last event always comes", e);
    } catch (StorageException e) {
      view.refused(job.toString(), List.of(e.problem()));
      return ExitCode.FAILURE;
    } catch (NodeException e) {
      view.refused(job.toString(), List.of(e.problem()));
      return ExitCode.FAILURE;
    }
  }

  /** Says at once that a signal was heard; the node's own end then ends the job, which may take a moment. */
  private static void stopping(RunView view) {
    synchronized (view) {
      view.stopping();
    }
  }
}
