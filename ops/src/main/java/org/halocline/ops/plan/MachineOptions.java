package org.halocline.ops.plan;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.halocline.ops.machine.Gpus;
import org.halocline.ops.machine.Machine;
import org.halocline.runtime.config.Bytes;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.Problem;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say what of the machine may be used. */
public final class MachineOptions {
  private static final int MOST_LANES = 1024;
  private static final int MOST_GPU_LANES = 64;
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;
  @Option(names = "--lanes", paramLabel = "N", description = "How many cores to use. Left out: all.")
  private Optional<Integer> lanes = Optional.empty();
  @Option(names = "--oversubscribe", description = "Let more lanes than there are cores share them: slower, for "
      + "trying out layouts.")
  private boolean oversubscribe;
  @Option(names = "--memory", paramLabel = "BYTES", description = "How much memory to use, such as 20g. Left out: "
      + "what is there.")
  private Optional<String> memory = Optional.empty();
  @Option(names = "--gpu-lanes", paramLabel = "N", description = "How many subdomains may share a GPU. Left out: 1.")
  private int gpuLanes = 1;

  /** The GPUs of this machine; looked for when called. */
  public Gpus gpus() {
    return Gpus.here(gpuLanes());
  }

  /** How many lanes a GPU is. */
  public int gpuLanes() {
    return within(spec, "--gpu-lanes", gpuLanes, 1, MOST_GPU_LANES);
  }

  /** The whole machine, as far as these options allow, or one with more cores, to plan for. */
  public Machine supposed() {
    Machine machine = Machine.whole(lanes(), memory());
    return oversubscribe ? machine.oversubscribed() : machine;
  }

  /** The whole machine, as far as these options allow; a problem where they ask for more cores than there are. */
  public Checked<Machine> whole() {
    return onItsCores(supposed());
  }

  /** As much of it as this JVM was started for. */
  public Checked<Machine> ofThisJvm() {
    memory();
    Machine machine = Machine.ofThisJvm(lanes());
    return onItsCores(oversubscribe ? machine.oversubscribed() : machine);
  }

  private Checked<Machine> onItsCores(Machine machine) {
    return beyondCores("--lanes", machine.lanes()).filter(_ -> !oversubscribe).<Checked<Machine>>map(Checked::invalid)
        .orElseGet(() -> Checked.valid(machine));
  }

  /** What is wrong with more lanes than cores in one process; empty where they are not more. */
  public static Optional<Problem> beyondCores(String key, int lanes) {
    int cores = Machine.coresHere();
    return lanes <= cores
        ? Optional.empty()
        : Optional
            .of(new Problem(key, Integer.toString(lanes), "must be at most " + cores + ", the cores that are here",
                "leave it out, or add --oversubscribe to let lanes share cores, which is slower"));
  }

  private OptionalInt lanes() {
    return lanes.stream().mapToInt(given -> within(spec, "--lanes", given, 1, MOST_LANES)).findFirst();
  }

  private OptionalLong memory() {
    return bytes(spec, "--memory", memory, 1 << 20, "1m, such as 900m, 20g or 21474836480");
  }

  /** The value of an option, within its bounds. */
  public static int within(CommandSpec command, String option, int value, int least, int most) {
    if (value < least || value > most)
      throw new ParameterException(command.commandLine(),
          option + " = " + value + ": must be " + least + " to " + most);
    return value;
  }

  /** The amount of memory that an option gives, in bytes; empty where it is left out. */
  static OptionalLong bytes(CommandSpec command, String option, Optional<String> given, long least, String words) {
    OptionalLong bytes = given.map(Bytes::parse).orElseGet(OptionalLong::empty);
    if (given.isPresent() && bytes.orElse(0) < least)
      throw new ParameterException(command.commandLine(),
          option + " = " + given.get() + ": must be an amount of at least " + words);
    return bytes;
  }
}
