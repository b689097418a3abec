package org.halocline.ops.bench;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.halocline.cosmology.cuda.device.DeviceException;
import org.halocline.cosmology.cuda.gpu.Devices;
import org.halocline.domain.lane.CudaLanes;
import org.halocline.ops.calibration.CalibrationFile;
import org.halocline.ops.calibration.Calibrator;
import org.halocline.ops.calibration.Growth;
import org.halocline.ops.cli.ExitCode;
import org.halocline.ops.cli.Plain;
import org.halocline.ops.cli.Version;
import org.halocline.ops.machine.Gpus;
import org.halocline.ops.machine.JvmNeeds;
import org.halocline.ops.machine.Machine;
import org.halocline.ops.plan.Jobs;
import org.halocline.ops.plan.MachineOptions;
import org.halocline.ops.timing.Measurement;
import org.halocline.runtime.config.Bytes;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.membership.NodeException;
import org.halocline.runtime.node.NodeParts;
import org.halocline.sampler.model.LayoutDevice;
import org.halocline.sampler.model.cost.Calibration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Times the pieces of a run on this machine, each beside something else, and prints a table or JSON lines. */
@Command(name = "bench", mixinStandardHelpOptions = true, versionProvider = Version.class,
    description = "Times transforms, kernels, steps and transport here.")
public final class BenchCommand implements Callable<Integer> {
  private static final int MOST_LANES = 1024;
  private static final int CELLS = 128;
  private static final int QUICK_CELLS = 64;
  private static final int LEAST_CELLS = 16;
  private static final int MOST_CELLS = 512;
  private static final int GPU_CELLS = 512;
  private static final int MOST_GPU_CELLS = 1024;
  private static final int QUICK_GPU_CELLS = 256;
  @Spec
  private CommandSpec spec;
  @Option(names = "--json", description = "Print one JSON object a line instead of a table.")
  private boolean json;
  @Option(names = "--quick", description = "Smaller meshes and fewer runs: half a minute.")
  private boolean quick;
  @Option(names = "--lanes", paramLabel = "N", description = "How many cores to use. Left out: all.")
  private Optional<Integer> lanes = Optional.empty();
  @Option(names = "--oversubscribe", description = "Let more lanes than there are cores share them.")
  private boolean oversubscribe;
  @Option(names = "--mesh", paramLabel = "N", description = "Cells along a side of the cube for steps and kernels. "
      + "Left out: 128, or 64 with --quick.")
  private Optional<Integer> mesh = Optional.empty();
  @Option(names = "--growth", description = "Time gradients of 32³ to 256³ cells in 5, 10 and 20 steps on one and "
      + "two subdomains, beside what the cost model foresees; some minutes. With --mesh 512 also up to that cube, "
      + "in 5 steps.")
  private boolean growth;
  @Option(names = "--calibrate", description = "Measure the constants of the cost model, which plan reckons times "
      + "with, and keep them; a minute or two.")
  private boolean calibrate;
  @Option(names = "--device", paramLabel = "KIND", description = "core or gpu: what is timed. Left out: core. A "
      + "GPU's pieces are set beside its memory's rate.")
  private LayoutDevice device = LayoutDevice.CORE;
  @Option(names = "--plan-memory", hidden = true)
  private boolean planMemory;

  @Override
  public Integer call() throws IOException {
    try {
      return device == LayoutDevice.CORE ? cores() : gpu();
    } catch (DeviceException | NodeException failed) {
      System.err.println("halocline: " + failed.getMessage());
      return ExitCode.FAILURE;
    }
  }

  private int cores() throws IOException {
    int cells = MachineOptions.within(spec, "--mesh", mesh.orElse(quick ? QUICK_CELLS : CELLS), LEAST_CELLS,
        MOST_CELLS);
    int cores = MachineOptions.within(spec, "--lanes", lanes.orElse(Machine.coresHere()), 1, MOST_LANES);
    if (!oversubscribe)
      MachineOptions.beyondCores("--lanes", cores).ifPresent(problem -> {
        throw new ParameterException(spec.commandLine(), problem.toString());
      });
    Bench bench = quick ? Bench.quick(cells, cores) : Bench.full(cells, cores);
    if (planMemory)
      return planMemory(bench);
    if (calibrate && !calibrate(cores))
      return ExitCode.FAILURE;
    if (growth)
      return growth(cores);
    if (calibrate)
      return 0;
    if (!json)
      System.out.println(Measurement.head());
    bench.run(Jobs.parts(), this::tell);
    return 0;
  }

  private int gpu() throws IOException {
    if (device == LayoutDevice.MIXED || calibrate || growth)
      throw new ParameterException(spec.commandLine(), device == LayoutDevice.MIXED
          ? "--device = mixed: must be core or gpu"
          : "--device gpu times pieces only: leave --calibrate and --growth out");
    int cells = MachineOptions.within(spec, "--mesh", mesh.orElse(quick ? QUICK_GPU_CELLS : GPU_CELLS), LEAST_CELLS,
        MOST_GPU_CELLS);
    Gpus gpus = Gpus.here(1);
    if (gpus.isEmpty()) {
      System.err.println("halocline: --device gpu: there is no GPU to be used here: " + gpus.reason()
          + "; leave --device out to time cores, or see halocline doctor");
      return ExitCode.BAD_INPUT;
    }
    long deviceBytes = gpus.lanes().getFirst().deviceBytes();
    if (planMemory)
      return planMemory(quick ? BenchNeeds.ofGpu(cells) : BenchNeeds.ofGpu(cells, deviceBytes), cells,
          Machine.whole(OptionalInt.of(1), OptionalLong.empty()), () -> "free memory");
    GpuBench bench = quick ? GpuBench.quick(cells) : GpuBench.full(cells);
    if (!json)
      System.out.println(gpus.inWords() + "\n" + Measurement.head());
    double bytesANs = bench.pieces(new CudaLanes(Devices.discover(), 1), this::tell);
    NodeParts parts = Jobs.on(Machine.ofThisJvm(OptionalInt.empty()).with(gpus), Jobs.parts());
    bench.passes(parts, bytesANs, this::tell);
    if (!quick)
      bench.lightCones(parts, deviceBytes, bytesANs, this::tell)
          .forEach(left -> System.err.println("halocline: " + left));
    return 0;
  }

  private void tell(Measurement found) {
    System.out.println(json ? found.json() : found.row());
    System.out.flush();
  }

  /** Prints the options of the JVM that the benchmark needs. */
  private int planMemory(Bench bench) {
    Machine machine = Machine.whole(OptionalInt.of(bench.lanes()), OptionalLong.empty());
    JvmNeeds needs = growth
        ? BenchNeeds.ofPasses(Growth.largest(quick, mesh.orElse(0)), bench.lanes())
        : calibrate ? BenchNeeds.ofPasses(Calibrator.standard().largest(), bench.lanes()) : BenchNeeds.of(bench);
    return planMemory(needs, bench.cells(), machine, () -> {
      int fits = BenchNeeds.largest(bench.cells(), bench.lanes(), machine.availableBytes());
      return fits > 0 && !growth && !calibrate ? "--mesh " + fits + " would fit" : "free memory, or try --quick";
    });
  }

  private static int planMemory(JvmNeeds needs, int cells, Machine machine, Supplier<String> remedy) {
    if (needs.neededBytes() <= machine.availableBytes()) {
      System.out.println(String.join(" ", machine.options(needs)));
      return 0;
    }
    System.err.println("halocline: a benchmark of " + cells + "³ cells needs " + needs.inWords() + " and there are "
        + Bytes.text(machine.availableBytes()) + ": " + remedy.get());
    return ExitCode.BAD_INPUT;
  }

  /** Returns false where the figures could not be kept. */
  private boolean calibrate(int cores) throws IOException {
    Calibration found = Calibrator.standard().measure(Jobs.parts(), cores);
    System.out.print(Calibrator.text(found));
    Optional<CalibrationFile> file = CalibrationFile.here();
    if (file.isEmpty())
      return true;
    try {
      file.get().write(found);
      System.out.println("kept in " + file.get().file());
      return true;
    } catch (IOException failed) {
      System.err.println("halocline: " + file.get().file() + " cannot be written (" + failed
          + "): free its disk, or set HALOCLINE_BUILD_HOME to a folder that can be written");
      return false;
    }
  }

  private int growth(int cores) throws IOException {
    Checked<Calibration> calibration = CalibrationFile.current();
    if (!calibration.isValid()) {
      Plain.complain(calibration.problems());
      return ExitCode.BAD_INPUT;
    }
    System.out.println(Growth.Point.head());
    Growth.standard(cores, quick, mesh.orElse(0), calibration.orThrow()).run(Jobs.parts(),
        point -> System.out.println(point.row()));
    System.out.println();
    System.out.print(Growth.outlook(calibration.orThrow()));
    return 0;
  }
}
