package org.halocline.ops.node;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.halocline.ops.http.HttpSettings;
import org.halocline.ops.machine.Gpus;
import org.halocline.ops.machine.HostMemory;
import org.halocline.ops.machine.Machine;
import org.halocline.ops.plan.MachineOptions;
import org.halocline.runtime.config.Bytes;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.FilePath;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.config.Settings;
import org.halocline.runtime.host.HostShare;
import org.halocline.runtime.host.SlurmAllocation;
import org.halocline.runtime.membership.ClusterSettings;
import org.halocline.runtime.node.NodeSettings;
import org.halocline.runtime.state.StateDirectory;
import org.halocline.runtime.trust.TlsSettings;
import org.halocline.transport.Checksum;
import org.halocline.transport.DataPlaneSettings;
import org.slf4j.LoggerFactory;

/**
 * How a node is to start. What no key says comes from Slurm, from what other nodes of the host have left, or from the
 * machine.
 *
 * @param machine what it takes of the host
 * @param others what other nodes of the host have taken
 * @param log its log file
 * @param earlierPort of control messages, where it listened before it started anew; 0 the first time
 */
record NodePlan(NodeSettings settings, HttpSettings http, Machine machine, HostShare others, Path log,
    int earlierPort) {
  /** The property by which the launcher names the process that will be the node. */
  static final String LAUNCHER = "halocline.launcher";
  /** The property by which the planning JVM tells the node's how many lanes it has. */
  static final String LANES = "halocline.lanes";
  private static final String MEMORY = "memory";
  private static final String LOOPBACK = "127.0.0.1";
  private static final String ADDRESS = "[^:\\s]+:\\d{1,5}";
  private static final List<String> ROLES = List.of(ClusterSettings.ROLE, "computes");
  private static final int MOST_PORT = 0xFFFF;
  private static final int MOST_LANES = 1024;
  private static final int MOST_GPU_LANES = 64;
  private static final int MOST_NAMES = 1000;
  private static final long LEAST_MEMORY = 256L << 20;
  private static final long LEAST_LANE_BYTES = 16L << 20;

  /**
   * Reads a plan from options and file, or finds every problem. What the node takes is noted, so that other nodes of
   * the host take something else.
   *
   * @param ahead whether another JVM, which this one plans for, will be the node
   */
  static Checked<NodePlan> read(Settings keys, Map<String, String> environment, boolean ahead) {
    int cores = Machine.coresHere();
    HostMemory host = HostMemory.now();
    long pid = ahead
        ? Long.getLong(LAUNCHER, ProcessHandle.current().pid())
        : ProcessHandle.current().pid();
    boolean noted = !ahead || Long.getLong(LAUNCHER) != null;
    try {
      return HostShare.decide(HostShare.usual(), pid, others -> read(keys, environment, ahead, cores, host, others),
          read -> read.toOptional().filter(_ -> noted).map(NodePlan::part));
    } catch (IOException e) {
      LoggerFactory.getLogger(NodePlan.class).warn("other nodes of this host are not reckoned with: {}", e.toString());
      return read(keys, environment, ahead, cores, host, HostShare.nobody());
    }
  }

  private static HostShare.Part part(NodePlan plan) {
    return new HostShare.Part(plan.machine.lanes(), plan.machine.availableBytes(), !plan.machine.gpus().isEmpty());
  }

  /** Reads a plan for a host of these cores and this memory, of which other nodes have taken a part. */
  static Checked<NodePlan> read(Settings keys, Map<String, String> environment, boolean ahead, int cores,
      HostMemory host, HostShare others) {
    Optional<SlurmAllocation> slurm = SlurmAllocation.of(environment);
    List<String> roles = keys.texts("roles", 1, 2).orElse(ROLES);
    roles.stream().filter(role -> !ROLES.contains(role)).forEach(
        role -> keys.problem("roles", role, "must be coordinator or computes", "choose one or both"));
    boolean coordinates = roles.contains(ClusterSettings.ROLE);
    int port = keys.integer("port", 0, 0, MOST_PORT);
    int dataPort = keys.integer("data-port", 0, 0, MOST_PORT);
    List<String> seeds = keys.texts("seed", 0, MOST_NAMES).orElse(List.of());
    String address = address(keys, seeds, slurm);
    int lanes = lanes(keys, ahead)
        .or(() -> slurm.flatMap(job -> job.cores().stream().boxed().findFirst()).map(own -> Math.min(own, cores)))
        .orElseGet(() -> others.coresLeft(cores));
    Optional<Long> asked = memory(keys, ahead);
    long free = Math.min(host.totalBytes(), host.availableBytes() + others.residentBytes());
    long all = ahead ? free : Math.max(free, asked.orElse(0L));
    long memory = asked
        .or(() -> slurm.flatMap(job -> job.memoryBytes().stream().boxed().findFirst()).map(own -> Math.min(own, all)))
        .orElseGet(() -> others.memoryFor(all, lanes, cores));
    if (asked.isPresent() && memory > all)
      keys.problem(MEMORY, memory + " bytes", "is more than the " + all + " bytes there are", "lower it");
    String name = keys.text("cluster", "halocline");
    ClusterSettings cluster = new ClusterSettings(name,
        keys.path("state").orElseGet(() -> FilePath.absolute(StateDirectory.usual(name, environment))), coordinates,
        keys.paths("runs", MOST_NAMES));
    cluster.validate().forEach(keys::problem);
    int known = 1 + Math.max(seeds.size(), slurm.map(job -> job.hosts().size() - 1).orElse(0));
    DataPlaneSettings plane = dataPlane(keys, address, dataPort, known);
    Optional<TlsSettings> tls = TlsSettings.read(keys);
    tls.ifPresent(files -> files.validate().forEach(keys::problem));
    HttpSettings http = http(keys);
    int gpuLanes = keys.integer("gpu-lanes", 1, 0, MOST_GPU_LANES);
    Gpus gpus = keys.problems().isEmpty() ? gpus(gpuLanes, environment, others) : Gpus.none();
    Machine machine = new Machine(lanes, host.totalBytes(), memory, gpus).oversubscribed();
    if (machine.laneBytes() < LEAST_LANE_BYTES)
      keys.problem(MEMORY, Bytes.text(memory), "leaves nothing for the lanes beside what the JVM takes itself",
          "give --memory 512m or more");
    takenPorts(plane.bindHost().orElse(address), port, http).forEach(keys::problem);
    Optional<String> token = Optional.of(environment.getOrDefault("HALOCLINE_TOKEN", "").strip())
        .filter(text -> !coordinates && !text.isEmpty());
    Path log = keys.path("log").orElseGet(() -> cluster.state().resolve("logs")
        .resolve(hostName() + "-" + ProcessHandle.current().pid() + ".log"));
    return keys.finish(() -> new NodePlan(new NodeSettings(address, port, seeds, lanes, machine.laneBytes(), plane,
        ConfigFactory.empty(), tls, token, Optional.of(cluster)), http, machine, others, log, 0));
  }

  private static String address(Settings keys, List<String> seeds, Optional<SlurmAllocation> slurm) {
    String address = keys.text("host", LOOPBACK);
    seeds.stream().filter(seed -> !seed.matches(ADDRESS))
        .forEach(seed -> keys.problem("seed", seed, "must be host:port", "name a node that runs"));
    if (slurm.isPresent() && slurm.get().hosts().size() > 1 && !keys.has("host"))
      keys.problem("host", LOOPBACK, "cannot be reached from the other " + (slurm.get().hosts().size() - 1)
          + " hosts of Slurm job " + slurm.get().jobId(), "give --host $(hostname)");
    if (isLoopback(address)
        && seeds.stream().anyMatch(seed -> seed.matches(ADDRESS) && !isLoopback(seed.replaceAll(":\\d+$", ""))))
      keys.problem("host", address, "cannot be reached by nodes on other hosts, and a seed is on one",
          "give --host an address of this machine that they can reach");
    return address;
  }

  /** The number that the planning JVM has decided on holds. */
  private static Optional<Integer> lanes(Settings keys, boolean ahead) {
    Optional<Integer> asked = keys.integer("lanes", 1, MOST_LANES);
    Optional<Integer> lanes = ahead ? asked : Optional.ofNullable(Integer.getInteger(LANES)).or(() -> asked);
    if (!keys.flag("oversubscribe", false))
      lanes.flatMap(many -> MachineOptions.beyondCores("lanes", many)).ifPresent(keys::problem);
    return lanes;
  }

  /** A JVM that was not planned for keeps its heap. */
  private static Optional<Long> memory(Settings keys, boolean ahead) {
    Optional<String> text = keys.text(MEMORY);
    OptionalLong bytes = text.map(Bytes::parse).orElseGet(OptionalLong::empty);
    if (text.isPresent() && bytes.orElse(0) < LEAST_MEMORY) {
      keys.problem(MEMORY, text.get(), "must be an amount of at least 256m", "write 900m or 20g");
      return Optional.empty();
    }
    return ahead
        ? bytes.stream().boxed().findFirst()
        : Optional.of(Long.getLong(Machine.MEMORY, bytes.orElse(Runtime.getRuntime().maxMemory())));
  }

  /**
   * What the block {@code transport} asks for; the defaults fill the rest. Host and port are the node's own. A job may
   * change none of these settings.
   *
   * @param known nodes, this one included, for a block that plans for no number of nodes
   */
  private static DataPlaneSettings dataPlane(Settings keys, String address, int port, int known) {
    Settings block = keys.block("transport");
    DataPlaneSettings base = DataPlaneSettings.defaults();
    int socketBuffer = size(block, "socket-buffer", base.socketBuffer());
    DataPlaneSettings plane = new DataPlaneSettings(base.slot(), address, keys.text("bind-host"), port,
        block.path("external-driver"), block.path("directory").orElse(base.directory()),
        block.path("fallback-directory").or(base::fallbackDirectory),
        size(block, "ipc-term-length", base.ipcTermLength()), size(block, "udp-term-length", base.udpTermLength()),
        size(block, "mtu", base.mtu()), socketBuffer,
        size(block, "receiver-window", Math.min(socketBuffer, base.receiverWindow())),
        size(block, "planned-nodes", known), base.protection()
            .withChecksum(block.choice("checksum", Checksum.class).orElse(base.protection().checksum())),
        base.shake(), base.storage());
    plane.validate().forEach(
        found -> keys.problem(new Problem(found.key(), found.value(), found.bound(), found.remedy())));
    return plane;
  }

  private static int size(Settings block, String key, int otherwise) {
    return block.integer(key, 0, Integer.MAX_VALUE).orElse(otherwise);
  }

  private static HttpSettings http(Settings keys) {
    Set<String> names = Set.copyOf(keys.texts("http-name", 0, MOST_NAMES).orElse(List.of()));
    String host = keys.text("http-host", LOOPBACK);
    return keys.integer("http-port", 0, MOST_PORT).map(port -> HttpSettings.defaults().withEndpoint(host, port))
        .orElseGet(() -> HttpSettings.defaults().withHost(host)).withNames(names);
  }

  /** The GPUs of a host are one node's, unless each is told which are its own. */
  private static Gpus gpus(int lanes, Map<String, String> environment, HostShare others) {
    if (lanes == 0)
      return Gpus.none();
    if (others.gpus() > 0 && environment.getOrDefault("CUDA_VISIBLE_DEVICES", "").isBlank())
      return new Gpus(List.of(), 1,
          "another node of this host has its GPUs; to share them, give each node CUDA_VISIBLE_DEVICES");
    return Gpus.here(lanes);
  }

  /** Says how it shares its host with other nodes; empty where there is nothing to say. */
  String sharing() {
    int cores = Machine.coresHere();
    int lanes = machine.lanes() + others.cores();
    StringBuilder words = new StringBuilder();
    if (others.nodes() > 0)
      words.append(lanes).append(" lanes of ").append(others.nodes() + 1).append(" nodes ")
          .append(lanes > cores ? "share" : "are on").append(" this host's ").append(cores).append(" cores");
    if (others.gpus() > 0 && machine.gpus().isEmpty() && !machine.gpus().reason().isEmpty())
      words.append(words.isEmpty() ? "" : "; ").append(machine.gpus().reason());
    return words.toString();
  }

  /** Whether only this machine calls itself so. */
  static boolean isLoopback(String host) {
    return host.equals("localhost") || host.startsWith("127.") || host.equals("::1") || host.equals("[::1]");
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9.-]", "-");
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  ClusterSettings cluster() {
    return settings.cluster().orElseThrow();
  }

  /** What keeps it from listening where it was asked to. */
  List<Problem> takenPorts() {
    return takenPorts(listensOn(), settings.port(), http);
  }

  private static List<Problem> takenPorts(String host, int port, HttpSettings http) {
    List<Problem> problems = new ArrayList<>();
    if (port != 0)
      Port.refused(host, port).ifPresent(why -> problems.add(taken("port", host, port, why)));
    Port.refused(http.host(), http.isAsked() ? http.port() : 0).ifPresent(
        why -> problems.add(taken(http.isAsked() ? "http-port" : "http-host", http.host(), http.port(), why)));
    if (http.isAsked() && http.port() == port)
      problems.add(new Problem("http-port", Integer.toString(port), "is the node's --port too",
          "choose another, or leave one of them out"));
    return problems;
  }

  private static Problem taken(String key, String host, int port, String why) {
    return new Problem(key, host + ":" + port, "cannot be listened on: " + why,
        "choose a free port and an address of this machine, or leave it out");
  }

  private String listensOn() {
    return settings.dataPlane().bindHost().orElse(settings.host());
  }

  /**
   * The settings of the next start: at the port where it was before, so that others find it there again, unless another
   * process has taken that meanwhile.
   */
  NodeSettings starting() {
    boolean again = settings.port() == 0 && earlierPort != 0 && Port.refused(listensOn(), earlierPort).isEmpty();
    return again ? settings.withEndpoint(settings.host(), earlierPort) : settings;
  }

  /** The same for its next start, after it was found there. */
  NodePlan at(String address, int httpPort) {
    int colon = address.lastIndexOf(':');
    return new NodePlan(settings, http.preferring(httpPort), machine, others, log,
        colon < 1 ? 0 : Integer.parseInt(address.substring(colon + 1)));
  }
}
