package org.halocline.ops.node;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.halocline.ops.http.HttpSettings;
import org.halocline.ops.machine.Gpus;
import org.halocline.ops.machine.HostMemory;
import org.halocline.ops.machine.Machine;
import org.halocline.ops.plan.MachineOptions;
import org.halocline.runtime.config.Bytes;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.config.Settings;
import org.halocline.runtime.host.HostShare;
import org.halocline.runtime.node.NodeRequest;
import org.halocline.runtime.node.NodeSettings;
import org.halocline.runtime.trust.TlsSettings;
import org.slf4j.LoggerFactory;

/**
 * How a node is to start, all told.
 *
 * @param machine what it takes of the host
 * @param others what other nodes of the host have taken
 * @param log its log file
 * @param earlierPort of control messages, where it listened before it started anew; 0 the first time
 */
record NodePlan(NodeSettings settings, HttpSettings http, Machine machine, HostShare others, String cluster, Path state,
    Path log, int earlierPort) {
  /** The property by which the launcher names the process that will be the node. */
  static final String LAUNCHER = "halocline.launcher";
  /** The property by which the planning JVM tells the node's how many lanes it has. */
  static final String LANES = "halocline.lanes";
  private static final String MEMORY = "memory";
  private static final int MOST_PORT = 0xFFFF;
  private static final int MOST_LANES = 1024;
  private static final int MOST_GPU_LANES = 64;
  private static final int MOST_NAMES = 1000;
  private static final long LEAST_MEMORY = 256L << 20;
  private static final long LEAST_LANE_BYTES = 16L << 20;

  /** What the keys ask, before the host is looked at. */
  private record Asked(NodeRequest request, List<Path> runs, int gpuLanes, HttpSettings http, Optional<Path> log,
      Map<String, String> environment, boolean ahead) {}

  /**
   * From options and file to a plan, or every problem. What the node takes is noted, so that other nodes of the host
   * take something else.
   *
   * @param ahead whether another JVM, which this one plans for, will be the node
   */
  static Checked<NodePlan> read(Settings keys, Map<String, String> environment, boolean ahead) {
    Asked asked = asked(keys, environment, ahead);
    long pid = ahead
        ? Long.getLong(LAUNCHER, ProcessHandle.current().pid())
        : ProcessHandle.current().pid();
    boolean noted = !ahead || Long.getLong(LAUNCHER) != null;
    try {
      return HostShare.decide(HostShare.usual(), pid, others -> settle(keys, asked, others),
          settled -> settled.toOptional().filter(_ -> noted).map(NodePlan::part));
    } catch (IOException e) {
      LoggerFactory.getLogger(NodePlan.class).warn("other nodes of this host are not reckoned with: {}", e.toString());
      return settle(keys, asked, HostShare.nobody());
    }
  }

  private static HostShare.Part part(NodePlan plan) {
    return new HostShare.Part(plan.machine.lanes(), plan.machine.availableBytes(), !plan.machine.gpus().isEmpty());
  }

  private static Asked asked(Settings keys, Map<String, String> environment, boolean ahead) {
    String cluster = keys.text("cluster", "halocline");
    List<String> roles = keys.texts("roles", 1, 2).orElse(List.of("coordinator", "computes"));
    for (String role : roles)
      if (!Set.of("coordinator", "computes").contains(role))
        keys.problem("roles", role, "must be coordinator or computes", "choose one or both");
    NodeRequest request = new NodeRequest(cluster, keys.text("host"), whole(keys.integer("port", 0, MOST_PORT)),
        keys.text("bind-host"), whole(keys.integer("data-port", 0, MOST_PORT)),
        keys.texts("seed", 0, MOST_NAMES).orElse(List.of()),
        pinned(LANES, whole(keys.integer("lanes", 1, MOST_LANES)), ahead), memory(keys, ahead), keys.path("state"),
        !roles.contains("coordinator"), NodeRequest.dataPlane(keys.block("transport")), TlsSettings.read(keys));
    if (!keys.flag("oversubscribe", false))
      request.lanes()
          .ifPresent(lanes -> MachineOptions.beyondCores("lanes", lanes).ifPresent(keys::problem));
    Set<String> names = Set.copyOf(keys.texts("http-name", 0, MOST_NAMES).orElse(List.of()));
    String host = keys.text("http-host", "127.0.0.1");
    HttpSettings http = keys.integer("http-port", 0, MOST_PORT)
        .map(given -> HttpSettings.defaults().withEndpoint(host, given))
        .orElseGet(() -> HttpSettings.defaults().withHost(host)).withNames(names);
    return new Asked(request, keys.paths("runs", MOST_NAMES), keys.integer("gpu-lanes", 1, 0, MOST_GPU_LANES), http,
        keys.path("log"), environment,
        ahead);
  }

  private static OptionalInt whole(Optional<Integer> number) {
    return number.map(OptionalInt::of).orElseGet(OptionalInt::empty);
  }

  /** What the planning JVM has decided holds. */
  private static OptionalInt pinned(String property, OptionalInt asked, boolean ahead) {
    Integer decided = ahead ? null : Integer.getInteger(property);
    return decided == null ? asked : OptionalInt.of(decided);
  }

  /** A JVM that was not planned for keeps its heap. */
  private static OptionalLong memory(Settings keys, boolean ahead) {
    Optional<String> text = keys.text(MEMORY);
    OptionalLong bytes = text.map(Bytes::parse).orElseGet(OptionalLong::empty);
    if (text.isPresent() && (bytes.isEmpty() || bytes.getAsLong() < LEAST_MEMORY)) {
      keys.problem(MEMORY, text.get(), "must be an amount of at least 256m", "write 900m or 20g");
      return OptionalLong.empty();
    }
    if (ahead)
      return bytes;
    return OptionalLong.of(Long.getLong(Machine.MEMORY, bytes.orElse(Runtime.getRuntime().maxMemory())));
  }

  private static Checked<NodePlan> settle(Settings keys, Asked asked, HostShare others) {
    HostMemory host = HostMemory.now();
    long reckoned = Math.min(host.totalBytes(), host.availableBytes() + others.residentBytes());
    long all = asked.ahead ? reckoned : Math.max(reckoned, asked.request.memoryBytes().orElse(0));
    Checked<NodeSettings> settled = asked.request.settle(asked.environment,
        Machine.coresHere(), all, others);
    settled.problems().forEach(keys::problem);
    Gpus gpus = settled.isValid() ? gpus(asked, others) : Gpus.none();
    Optional<Machine> machine = settled.toOptional()
        .map(node -> new Machine(node.lanes(), host.totalBytes(), node.memoryBytes(), gpus).oversubscribed());
    machine.filter(taken -> taken.laneBytes() < LEAST_LANE_BYTES)
        .ifPresent(taken -> keys.problem(MEMORY, Bytes.text(taken.availableBytes()),
            "leaves nothing for the lanes beside what the JVM takes itself", "give --memory 512m or more"));
    settled.toOptional().ifPresent(node -> takenPorts(node, asked.http).forEach(keys::problem));
    return keys.finish(() -> {
      NodeSettings alone = settled.orThrow();
      NodeSettings node = alone.withCluster(alone.cluster().orElseThrow().withRuns(asked.runs));
      Path state = node.cluster().orElseThrow().state();
      Optional<String> token = Optional.of(asked.environment.getOrDefault("HALOCLINE_TOKEN", "").strip())
          .filter(text -> asked.request.computesOnly() && !text.isEmpty());
      Path log = asked.log.orElseGet(
          () -> state.resolve("logs").resolve(hostName() + "-" + ProcessHandle.current().pid() + ".log"));
      NodeSettings sized = node.withLanes(machine.orElseThrow().lanes(), machine.orElseThrow().laneBytes());
      return new NodePlan(token.map(sized::withToken).orElse(sized), asked.http, machine.orElseThrow(), others,
          asked.request.cluster(), state, log.toAbsolutePath(), 0);
    });
  }

  /** The GPUs of a host are one node's, unless each is told which are its own. */
  private static Gpus gpus(Asked asked, HostShare others) {
    if (asked.gpuLanes == 0)
      return Gpus.none();
    if (others.gpus() > 0 && asked.environment.getOrDefault("CUDA_VISIBLE_DEVICES", "").isBlank())
      return new Gpus(List.of(), 1,
          "another node of this host has its GPUs; to share them, give each node CUDA_VISIBLE_DEVICES");
    return Gpus.here(asked.gpuLanes);
  }

  /** Why it has what it has of a host that others use too; empty where there is nothing to say. */
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

  /** What keeps it from listening where it was asked to. */
  List<Problem> takenPorts() {
    return takenPorts(settings, http);
  }

  private static List<Problem> takenPorts(NodeSettings node, HttpSettings http) {
    List<Problem> problems = new ArrayList<>();
    String host = listensOn(node);
    if (node.port() != 0)
      Port.refused(host, node.port()).ifPresent(why -> problems.add(taken("port", host, node.port(), why)));
    Port.refused(http.host(), http.isAsked() ? http.port() : 0).ifPresent(
        why -> problems.add(taken(http.isAsked() ? "http-port" : "http-host", http.host(), http.port(), why)));
    if (http.isAsked() && http.port() == node.port())
      problems.add(new Problem("http-port", Integer.toString(http.port()), "is the node's --port too",
          "choose another, or leave one of them out"));
    return problems;
  }

  private static Problem taken(String key, String host, int port, String why) {
    return new Problem(key, host + ":" + port, "cannot be listened on: " + why,
        "choose a free port and an address of this machine, or leave it out");
  }

  private static String listensOn(NodeSettings node) {
    return node.dataPlane().bindHost().orElse(node.host());
  }

  /**
   * The settings of the next start: at the port where it was before, so that others find it there again, unless another
   * process has taken that meanwhile.
   */
  NodeSettings starting() {
    boolean again = settings.port() == 0 && earlierPort != 0
        && Port.refused(listensOn(settings), earlierPort).isEmpty();
    return again ? settings.withEndpoint(settings.host(), earlierPort) : settings;
  }

  /** The same for its next start, after it was found there. */
  NodePlan at(String address, int httpPort) {
    int colon = address.lastIndexOf(':');
    return new NodePlan(settings, http.preferring(httpPort), machine, others, cluster, state, log,
        colon < 1 ? 0 : Integer.parseInt(address.substring(colon + 1)));
  }
}
