package org.halocline.ops;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.halocline.ops.http.HttpSettings;
import org.halocline.ops.machine.HostMemory;
import org.halocline.ops.machine.Machine;
import org.halocline.runtime.config.BadInputException;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.config.Settings;
import org.halocline.runtime.job.JobFile;
import org.halocline.runtime.node.ClusterSettings;
import org.halocline.runtime.node.NodeSettings;
import org.halocline.runtime.state.StateDirectory;
import picocli.CommandLine.Option;

/**
 * The options of {@code node}. Each may also stand in a file, {@code --config}, under the same name without its dashes; the
 * command line goes before the file, the file before what Slurm says.
 */
final class NodeOptions {
  private static final int MOST_LANES = 1024;
  private static final int MOST_PORT = 0xFFFF;
  private static final int MOST_NAMES = 1000;

  @Option(names = "--cluster", paramLabel = "NAME", description = "Name of the cluster. Left out: halocline.")
  private Optional<String> cluster = Optional.empty();
  @Option(names = "--state", paramLabel = "DIR", description = "State directory: every node that may coordinate must see it. Left out: ~/.local/state/halocline/NAME.")
  private Optional<Path> state = Optional.empty();
  @Option(names = "--host", paramLabel = "ADDRESS", description = "Address by which other nodes reach this one. Left out: 127.0.0.1.")
  private Optional<String> host = Optional.empty();
  @Option(names = "--bind-host", paramLabel = "ADDRESS", description = "Address to listen on for other nodes, where it is not --host.")
  private Optional<String> bindHost = Optional.empty();
  @Option(names = "--port", paramLabel = "PORT", description = "TCP port for other nodes. Left out: any free one.")
  private Optional<Integer> port = Optional.empty();
  @Option(names = "--data-port", paramLabel = "PORT", description = "UDP port of the data plane. Left out: any free one.")
  private Optional<Integer> dataPort = Optional.empty();
  @Option(names = "--seed", paramLabel = "HOST:PORT", description = "A node to join; may be given several times. Left out: the coordinator that the state directory names, or a new cluster.")
  private List<String> seeds = new ArrayList<>();
  @Option(names = "--lanes", paramLabel = "N", description = "How many cores to offer. Left out: SLURM_CPUS_PER_TASK, or all.")
  private Optional<Integer> lanes = Optional.empty();
  @Option(names = "--memory", paramLabel = "BYTES", description = "How much memory to take, such as 20g. Left out: a share of what is there now that goes with the lanes.")
  private Optional<String> memory = Optional.empty();
  @Option(names = "--roles", paramLabel = "ROLES", split = ",", description = "coordinator,computes (usual), or computes: never the coordinator.")
  private List<String> roles = new ArrayList<>();
  @Option(names = "--http-host", paramLabel = "ADDRESS", description = "Address to serve the page and the API on. Left out: 127.0.0.1.")
  private Optional<String> httpHost = Optional.empty();
  @Option(names = "--http-port", paramLabel = "PORT", description = "TCP port of page and API; 0 takes any. Left out: 8420, or the next free one.")
  private Optional<Integer> httpPort = Optional.empty();
  @Option(names = "--http-name", paramLabel = "NAME", description = "A host name under which browsers reach this node; may be given several times.")
  private List<String> httpNames = new ArrayList<>();
  @Option(names = "--log", paramLabel = "FILE", description = "Log file. Left out: logs/<host>-<pid>.log in the state directory.")
  private Optional<Path> log = Optional.empty();
  @Option(names = "--config", paramLabel = "FILE", description = "A file with any of these options, HOCON or JSON: lanes = 4, seed = [\"a:25520\"].")
  private Optional<Path> config = Optional.empty();

  /**
   * @throws BadInputException
   *           with every problem
   */
  NodePlan plan() {
    Settings file = Settings.of(config.map(path -> JobFile.read(path).map(JobFile::config).orThrow())
        .orElseGet(ConfigFactory::empty), config.map(path -> path.toAbsolutePath().getParent()).orElse(Path.of("")));
    Map<String, String> environment = System.getenv();
    String name = cluster.orElse(file.text("cluster", "halocline"));
    Path directory = state.or(() -> file.path("state")).orElseGet(() -> StateDirectory.usual(name, environment))
        .toAbsolutePath().normalize();
    String address = host.orElse(file.text("host", "127.0.0.1"));
    String bind = bindHost.orElse(file.text("bind-host", address));
    int nodePort = port.orElse(file.integer("port", 0, 0, MOST_PORT));
    int planePort = dataPort.orElse(file.integer("data-port", 0, 0, MOST_PORT));
    List<String> join = seeds.isEmpty() ? texts(file, "seed") : seeds;
    List<String> hasRoles = roles.isEmpty() ? texts(file, "roles") : roles;
    String pageHost = httpHost.orElse(file.text("http-host", "127.0.0.1"));
    Optional<Integer> pagePort = httpPort.or(() -> file.integer("http-port", 0, MOST_PORT));
    List<String> names = httpNames.isEmpty() ? texts(file, "http-name") : httpNames;
    OptionalInt cores = lanes.or(() -> file.integer("lanes", 1, MOST_LANES)).map(OptionalInt::of)
        .orElseGet(() -> slurmCores(environment));
    Machine machine = machine(file, cores);
    Path logFile = log.or(() -> file.path("log")).orElseGet(() -> directory.resolve("logs")
        .resolve(hostName() + "-" + ProcessHandle.current().pid() + ".log")).toAbsolutePath();
    ClusterSettings place = ClusterSettings.of(name, directory);
    place.validate().forEach(file::problem);
    check(file, nodePort, planePort, pagePort, cores, join, hasRoles);
    return file.finish(() -> {
      boolean coordinates = hasRoles.isEmpty() || hasRoles.contains("coordinator");
      NodeSettings defaults = NodeSettings.defaults();
      NodeSettings settings = defaults.withEndpoint(address, nodePort).withSeeds(join)
          .withLanes(machine.lanes(), machine.laneBytes())
          .withDataPlane(defaults.dataPlane().withEndpoint(address, planePort)).withOverrides(bound(bind, address))
          .withCluster(coordinates ? place : place.computingOnly());
      HttpSettings http = pagePort.map(given -> HttpSettings.defaults().withEndpoint(pageHost, given))
          .orElseGet(() -> HttpSettings.defaults().withHost(pageHost)).withNames(Set.copyOf(names));
      return new NodePlan(settings, http, machine, name, directory, logFile);
    }).orThrow();
  }

  private static Config bound(String bind, String address) {
    Map<String, Object> values = new LinkedHashMap<>();
    if (!bind.equals(address))
      values.put("pekko.remote.artery.bind.hostname", bind);
    return ConfigFactory.parseMap(values);
  }

  private static void check(Settings file, int nodePort, int planePort, Optional<Integer> pagePort, OptionalInt cores,
      List<String> seeds, List<String> roles) {
    Map<String, Integer> ports = new LinkedHashMap<>(Map.of("--port", nodePort, "--data-port", planePort));
    pagePort.ifPresent(given -> ports.put("--http-port", given));
    ports.forEach((option, number) -> {
      if (number < 0 || number > MOST_PORT)
        file.problem(new Problem(option, number.toString(), "must be 0 to " + MOST_PORT, "choose a free port"));
    });
    if (cores.isPresent() && (cores.getAsInt() < 1 || cores.getAsInt() > MOST_LANES))
      file.problem(new Problem("--lanes", Integer.toString(cores.getAsInt()), "must be 1 to " + MOST_LANES,
          "give as many as there are cores, or fewer"));
    for (String seed : seeds)
      if (!seed.matches(".+:\\d{1,5}"))
        file.problem(new Problem("--seed", seed, "must be host:port", "give what a node's ready line shows"));
    for (String role : roles)
      if (!Set.of("coordinator", "computes").contains(role))
        file.problem(new Problem("--roles", role, "must be coordinator or computes", "choose one or both"));
  }

  private Machine machine(Settings file, OptionalInt cores) {
    Optional<String> text = memory.or(() -> file.text("memory"));
    OptionalLong bytes = text.map(Bytes::parse).orElseGet(OptionalLong::empty);
    if (text.isPresent() && (bytes.isEmpty() || bytes.getAsLong() < 256L << 20))
      file.problem(new Problem("--memory", text.get(), "must be an amount of at least 256m", "write 900m or 20g"));
    if (Long.getLong(Machine.MEMORY) != null)
      return Machine.ofThisJvm(cores);
    int all = Runtime.getRuntime().availableProcessors();
    double share = Math.min(1, cores.orElse(all) / (double) all);
    return Machine.whole(cores,
        bytes.isPresent() ? bytes : OptionalLong.of((long) (share * HostMemory.now().availableBytes())));
  }

  /** What Slurm has given this task; nothing outside of Slurm. */
  private static OptionalInt slurmCores(Map<String, String> environment) {
    String text = environment.getOrDefault("SLURM_CPUS_PER_TASK", "");
    return text.matches("[1-9]\\d{0,3}") ? OptionalInt.of(Integer.parseInt(text)) : OptionalInt.empty();
  }

  private static List<String> texts(Settings file, String key) {
    return file.texts(key, 0, MOST_NAMES).orElse(List.of());
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9.-]", "-");
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
