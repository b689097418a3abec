package org.halocline.ops.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.halocline.runtime.config.BadInputException;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.FilePath;
import org.halocline.runtime.config.Settings;
import org.halocline.runtime.job.JobFile;
import picocli.CommandLine.Option;

/**
 * The options of {@code node}. Each may also stand in a file, {@code --config}, under the same name without its dashes;
 * the command line goes before the file, the file before what Slurm says. What they mean is {@link NodePlan}'s to say,
 * so that both are judged alike, and all at once.
 */
final class NodeOptions {
  private static final String MEMORY = "memory";

  @Option(names = "--cluster", paramLabel = "NAME", description = "Name of the cluster. Left out: halocline.")
  private Optional<String> cluster = Optional.empty();
  @Option(names = "--state", paramLabel = "DIR", description = "State directory: every node that may coordinate "
      + "must see it. Left out: ~/.local/state/halocline/NAME.")
  private Optional<Path> state = Optional.empty();
  @Option(names = "--runs", paramLabel = "DIR", description = "A folder below which jobs may name their run "
      + "directories (submit --output); may be given several times. Left out: only the state directory's own.")
  private List<Path> runs = new ArrayList<>();
  @Option(names = "--host", paramLabel = "ADDRESS", description = "Address by which other nodes reach this one. "
      + "Left out: 127.0.0.1.")
  private Optional<String> host = Optional.empty();
  @Option(names = "--bind-host", paramLabel = "ADDRESS", description = "Address to listen on for other nodes, where "
      + "it is not --host.")
  private Optional<String> bindHost = Optional.empty();
  @Option(names = "--port", paramLabel = "PORT", description = "TCP port for other nodes. Left out: any free one.")
  private Optional<String> port = Optional.empty();
  @Option(names = "--data-port", paramLabel = "PORT", description = "UDP port of the data plane. Left out: any free "
      + "one.")
  private Optional<String> dataPort = Optional.empty();
  @Option(names = "--seed", paramLabel = "HOST:PORT", description = "A node to join; may be given several times. "
      + "Left out: the coordinator that the state directory names, or a new cluster.")
  private List<String> seeds = new ArrayList<>();
  @Option(names = "--lanes", paramLabel = "N", description = "How many cores to offer. Left out: what Slurm gives "
      + "this task, or what other nodes of this host have left, but at least one.")
  private Optional<String> lanes = Optional.empty();
  @Option(names = "--oversubscribe", description = "Let more lanes than the host has cores share them: slower, for "
      + "trying things out.")
  private boolean oversubscribe;
  @Option(names = "--gpu-lanes", paramLabel = "N", description = "How many subdomains may share a GPU; 0 offers "
      + "none. Left out: 1. Which GPUs: CUDA_VISIBLE_DEVICES.")
  private Optional<String> gpuLanes = Optional.empty();
  @Option(names = "--memory", paramLabel = "BYTES", description = "How much memory to take, such as 20g. Left out: "
      + "what Slurm gives, or a part of what is there that goes with the lanes.")
  private Optional<String> memory = Optional.empty();
  @Option(names = "--roles", paramLabel = "ROLES", split = ",", description = "coordinator,computes (usual), or "
      + "computes: never the coordinator.")
  private List<String> roles = new ArrayList<>();
  @Option(names = "--http-host", paramLabel = "ADDRESS", description = "Address to serve the page and the API on. "
      + "Left out: 127.0.0.1.")
  private Optional<String> httpHost = Optional.empty();
  @Option(names = "--http-port", paramLabel = "PORT", description = "TCP port of page and API; 0 takes any. Left "
      + "out: 8420, or the next free one.")
  private Optional<String> httpPort = Optional.empty();
  @Option(names = "--http-name", paramLabel = "NAME", description = "A host name under which browsers reach this "
      + "node; may be given several times.")
  private List<String> httpNames = new ArrayList<>();
  @Option(names = "--tls-keystore", paramLabel = "FILE", description = "This node's key and certificate (PKCS#12 or "
      + "JKS), where nodes are to be trusted by certificates of your own and not by the cluster's token.")
  private Optional<Path> tlsKeystore = Optional.empty();
  @Option(names = "--tls-truststore", paramLabel = "FILE", description = "Certificates of the nodes, or of their "
      + "signers. Left out: the keystore.")
  private Optional<Path> tlsTruststore = Optional.empty();
  @Option(names = "--tls-password-file", paramLabel = "FILE", description = "Its first line opens both; only you "
      + "may read it.")
  private Optional<Path> tlsPasswordFile = Optional.empty();
  @Option(names = "--log", paramLabel = "FILE", description = "Log file. Left out: logs/<host>-<pid>.log in the "
      + "state directory.")
  private Optional<Path> log = Optional.empty();
  @Option(names = "--config", paramLabel = "FILE", description = "A file with any of these options, HOCON or JSON: "
      + "lanes = 4, seed = [\"a:25520\"].")
  private Optional<Path> config = Optional.empty();

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

  /** What was typed, as if it stood in a file. */
  private Config typed() {
    Map<String, Object> typed = new LinkedHashMap<>();
    put(typed, "cluster", cluster);
    put(typed, "state", state.map(path -> path.toAbsolutePath().toString()));
    put(typed, "runs", Optional.of(runs.stream().map(path -> path.toAbsolutePath().toString()).toList())
        .filter(list -> !list.isEmpty()));
    put(typed, "host", host);
    put(typed, "bind-host", bindHost);
    put(typed, "port", port.map(NodeOptions::number));
    put(typed, "data-port", dataPort.map(NodeOptions::number));
    put(typed, "lanes", lanes.map(NodeOptions::number));
    put(typed, "oversubscribe", Optional.of(oversubscribe).filter(given -> given));
    put(typed, "gpu-lanes", gpuLanes.map(NodeOptions::number));
    put(typed, MEMORY, memory);
    put(typed, "http-host", httpHost);
    put(typed, "http-port", httpPort.map(NodeOptions::number));
    put(typed, "tls-keystore", tlsKeystore.map(path -> path.toAbsolutePath().toString()));
    put(typed, "tls-truststore", tlsTruststore.map(path -> path.toAbsolutePath().toString()));
    put(typed, "tls-password-file", tlsPasswordFile.map(path -> path.toAbsolutePath().toString()));
    put(typed, "log", log.map(path -> path.toAbsolutePath().toString()));
    put(typed, "seed", Optional.of(seeds).filter(list -> !list.isEmpty()));
    put(typed, "roles", Optional.of(roles).filter(list -> !list.isEmpty()));
    put(typed, "http-name", Optional.of(httpNames).filter(list -> !list.isEmpty()));
    return ConfigValueFactory.fromMap(typed).toConfig();
  }

  private static void put(Map<String, Object> typed, String key, Optional<?> value) {
    value.ifPresent(given -> typed.put(key, given));
  }

  /** What is no number is told of as everything else is. */
  private static Object number(String text) {
    return text.matches("-?\\d{1,18}") ? (Object) Long.parseLong(text) : text;
  }

  /** An amount of memory may be written without a unit. */
  private static Config textual(Config config) {
    ConfigValue value = config.root().get(MEMORY);
    return value != null && value.valueType() == ConfigValueType.NUMBER
        ? config.withValue(MEMORY, ConfigValueFactory.fromAnyRef(value.unwrapped().toString()))
        : config;
  }
}
