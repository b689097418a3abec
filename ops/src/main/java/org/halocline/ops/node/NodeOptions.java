package org.halocline.ops.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.halocline.runtime.config.BadInputException;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.FilePath;
import org.halocline.runtime.config.Settings;
import org.halocline.runtime.job.JobFile;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The options of {@code node}. Each may also stand in a file, {@code --config}, under the same name without its dashes;
 * the command line goes before the file, the file before what Slurm says. What they mean is {@link NodePlan}'s to say,
 * so that both are judged alike, and all at once.
 */
final class NodeOptions {
  private static final String MEMORY = "memory";
  private static final String CONFIG = "config";
  private static final Set<String> NUMBERS = Set.of("PORT", "N");
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;
  @Option(names = "--cluster", paramLabel = "NAME", description = "Name of the cluster. Left out: halocline.")
  private Optional<String> cluster;
  @Option(names = "--state", paramLabel = "DIR", description = "State directory: every node that may coordinate "
      + "must see it. Left out: ~/.local/state/halocline/NAME.")
  private Optional<Path> state;
  @Option(names = "--runs", paramLabel = "DIR", description = "A folder below which jobs may name their run "
      + "directories (submit --output); may be given several times. Left out: only the state directory's own.")
  private List<Path> runs;
  @Option(names = "--host", paramLabel = "ADDRESS", description = "Address by which other nodes reach this one. "
      + "Left out: 127.0.0.1.")
  private Optional<String> host;
  @Option(names = "--bind-host", paramLabel = "ADDRESS", description = "Address to listen on for other nodes, where "
      + "it is not --host.")
  private Optional<String> bindHost;
  @Option(names = "--port", paramLabel = "PORT", description = "TCP port for other nodes. Left out: any free one.")
  private Optional<String> port;
  @Option(names = "--data-port", paramLabel = "PORT", description = "UDP port of the data plane. Left out: any free "
      + "one.")
  private Optional<String> dataPort;
  @Option(names = "--seed", paramLabel = "HOST:PORT", description = "A node to join; may be given several times. "
      + "Left out: the coordinator that the state directory names, or a new cluster.")
  private List<String> seeds;
  @Option(names = "--lanes", paramLabel = "N", description = "How many cores to offer. Left out: what Slurm gives "
      + "this task, or what other nodes of this host have left, but at least one.")
  private Optional<String> lanes;
  @Option(names = "--oversubscribe", description = "Let more lanes than the host has cores share them: slower, for "
      + "trying things out.")
  private boolean oversubscribe;
  @Option(names = "--gpu-lanes", paramLabel = "N", description = "How many subdomains may share a GPU; 0 offers "
      + "none. Left out: 1. Which GPUs: CUDA_VISIBLE_DEVICES.")
  private Optional<String> gpuLanes;
  @Option(names = "--memory", paramLabel = "BYTES", description = "How much memory to take, such as 20g. Left out: "
      + "what Slurm gives, or a part of what is there that goes with the lanes.")
  private Optional<String> memory;
  @Option(names = "--roles", paramLabel = "ROLES", split = ",", description = "coordinator,computes (usual), or "
      + "computes: never the coordinator.")
  private List<String> roles;
  @Option(names = "--http-host", paramLabel = "ADDRESS", description = "Address to serve the page and the API on. "
      + "Left out: 127.0.0.1.")
  private Optional<String> httpHost;
  @Option(names = "--http-port", paramLabel = "PORT", description = "TCP port of page and API; 0 takes any. Left "
      + "out: 8420, or the next free one.")
  private Optional<String> httpPort;
  @Option(names = "--http-name", paramLabel = "NAME", description = "A host name under which browsers reach this "
      + "node; may be given several times.")
  private List<String> httpNames;
  @Option(names = "--tls-keystore", paramLabel = "FILE", description = "This node's key and certificate (PKCS#12 or "
      + "JKS), where nodes are to be trusted by certificates of your own and not by the cluster's token.")
  private Optional<Path> tlsKeystore;
  @Option(names = "--tls-truststore", paramLabel = "FILE", description = "Certificates of the nodes, or of their "
      + "signers. Left out: the keystore.")
  private Optional<Path> tlsTruststore;
  @Option(names = "--tls-password-file", paramLabel = "FILE", description = "Its first line opens both; only you "
      + "may read it.")
  private Optional<Path> tlsPasswordFile;
  @Option(names = "--log", paramLabel = "FILE", description = "Log file. Left out: logs/<host>-<pid>.log in the "
      + "state directory.")
  private Optional<Path> log;
  @Option(names = "--" + CONFIG, paramLabel = "FILE", description = "A file with any of these options, HOCON or JSON: "
      + "lanes = 4, seed = [\"a:25520\"].")
  private Optional<Path> config;

  /**
   * What the node is to be.
   *
   * @param ahead whether another JVM, which this one plans for, will be the node
   * @throws BadInputException with every problem
   */
  NodePlan plan(boolean ahead) {
    Checked<Config> file = config.map(path -> JobFile.read(path, System.getenv(), List.of()).map(JobFile::config))
        .orElseGet(() -> Checked.valid(ConfigFactory.empty()));
    Path directory = config.map(path -> FilePath.absolute(path).getParent()).orElse(Path.of(""));
    Settings settings = Settings.of(textual(typed().withFallback(file.toOptional().orElseGet(ConfigFactory::empty))),
        directory);
    file.problems().forEach(settings::problem);
    return NodePlan.read(settings, System.getenv(), ahead).orThrow();
  }

  /** Makes of the options that were typed what a file would hold. */
  private Config typed() {
    Map<String, Object> typed = new LinkedHashMap<>();
    for (OptionSpec option : command.commandLine().getParseResult().matchedOptions())
      if (option.userObject() instanceof Field field && field.getDeclaringClass() == NodeOptions.class)
        typed.put(option.longestName().substring(2), plain(option.getValue(), NUMBERS.contains(option.paramLabel())));
    typed.remove(CONFIG);
    return ConfigValueFactory.fromMap(typed).toConfig();
  }

  /** A path that was typed is relative to where it was typed. A text that is no number is refused where it is read. */
  private static Object plain(Object value, boolean number) {
    return switch (value) {
      case Optional<?> given -> plain(given.orElseThrow(), number);
      case List<?> list -> list.stream().map(one -> plain(one, number)).toList();
      case Path path -> path.toAbsolutePath().toString();
      case String text when number && text.matches("-?\\d{1,18}") -> Long.parseLong(text);
      default -> value;
    };
  }

  /** An amount of memory may be written without a unit. */
  private static Config textual(Config config) {
    ConfigValue value = config.root().get(MEMORY);
    return value != null && value.valueType() == ConfigValueType.NUMBER
        ? config.withValue(MEMORY, ConfigValueFactory.fromAnyRef(value.unwrapped().toString()))
        : config;
  }
}
