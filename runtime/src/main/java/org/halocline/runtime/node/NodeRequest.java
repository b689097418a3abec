package org.halocline.runtime.node;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.config.Settings;
import org.halocline.runtime.host.HostShare;
import org.halocline.runtime.host.SlurmAllocation;
import org.halocline.runtime.membership.ClusterSettings;
import org.halocline.runtime.state.StateDirectory;
import org.halocline.runtime.trust.TlsSettings;
import org.halocline.transport.Checksum;
import org.halocline.transport.DataPlaneException;
import org.halocline.transport.DataPlaneSettings;

/**
 * What a user asks of a node; what is left out comes from Slurm, from what other nodes of the host have left, or from
 * the machine.
 *
 * @param host that the others reach it by; loopback if left out
 * @param port of control messages; 0 for any
 * @param bindHost to listen on, where that is not the host
 * @param dataPort UDP port of the data plane; 0 for any
 * @param seeds host:port of nodes to join
 * @param state the state directory
 * @param computesOnly whether it never coordinates
 * @param transport of the data plane
 * @param tls for control messages
 */
public record NodeRequest(String cluster, Optional<String> host, OptionalInt port, Optional<String> bindHost,
    OptionalInt dataPort, List<String> seeds, OptionalInt lanes, OptionalLong memoryBytes, Optional<Path> state,
    boolean computesOnly, DataPlaneSettings transport, Optional<TlsSettings> tls) {
  private static final String LOOPBACK = "127.0.0.1";
  private static final String ADDRESS = "[^:\\s]+:\\d{1,5}";
  /** Planned nodes of a data plane whose settings name none. */
  private static final int COUNTED = -1;
  private static final int MOST_LANES = 1024;
  private static final long LEAST_MEMORY = 16L << 20;

  public NodeRequest {
    seeds = List.copyOf(seeds);
  }

  /** Nothing but a name. */
  public static NodeRequest of(String cluster) {
    return new NodeRequest(cluster, Optional.empty(), OptionalInt.empty(), Optional.empty(), OptionalInt.empty(),
        List.of(), OptionalInt.empty(), OptionalLong.empty(), Optional.empty(), false,
        DataPlaneSettings.defaults().withPlannedNodes(COUNTED), Optional.empty());
  }

  /**
   * The settings of the data plane that the block {@code transport} of a node's file asks for; the defaults fill the
   * rest. {@link #settle} judges them, and counts the nodes where the block plans for no number of nodes. Host and
   * ports are the node's own. A job may change none of the settings.
   */
  public static DataPlaneSettings dataPlane(Settings block) {
    DataPlaneSettings base = DataPlaneSettings.defaults();
    int socketBuffer = size(block, "socket-buffer", base.socketBuffer());
    DataPlaneSettings asked = base
        .withUdp(size(block, "mtu", base.mtu()), socketBuffer,
            size(block, "receiver-window", Math.min(socketBuffer, base.receiverWindow())))
        .withTermLengths(size(block, "ipc-term-length", base.ipcTermLength()),
            size(block, "udp-term-length", base.udpTermLength()))
        .withPlannedNodes(size(block, "planned-nodes", COUNTED))
        .withProtection(base.protection()
            .withChecksum(block.choice("checksum", Checksum.class).orElse(base.protection().checksum())))
        .withDirectories(block.path("directory").orElse(base.directory()),
            block.path("fallback-directory").or(base::fallbackDirectory));
    return block.path("external-driver").map(asked::withExternalDriver).orElse(asked);
  }

  private static int size(Settings block, String key, int otherwise) {
    return block.integer(key, 0, Integer.MAX_VALUE).orElse(otherwise);
  }

  public NodeRequest withTransport(DataPlaneSettings asked) {
    return new NodeRequest(cluster, host, port, bindHost, dataPort, seeds, lanes, memoryBytes, state, computesOnly,
        asked, tls);
  }

  public NodeRequest withTls(TlsSettings asked) {
    return new NodeRequest(cluster, host, port, bindHost, dataPort, seeds, lanes, memoryBytes, state, computesOnly,
        transport, Optional.of(asked));
  }

  /**
   * Every setting, or every problem.
   *
   * @param cores of the host
   * @param memory of the host, for lanes, bytes
   * @param taken by other nodes of the host
   */
  public Checked<NodeSettings> settle(Map<String, String> environment, int cores, long memory, HostShare taken) {
    Optional<SlurmAllocation> slurm = SlurmAllocation.of(environment);
    List<Problem> problems = new ArrayList<>();
    String reached = host.orElse(LOOPBACK);
    checkPort(problems, "port", port);
    checkPort(problems, "data-port", dataPort);
    seeds.stream().filter(seed -> !seed.matches(ADDRESS))
        .forEach(seed -> problems.add(new Problem("seed", seed, "must be host:port", "name a node that runs")));
    if (slurm.isPresent() && slurm.get().hosts().size() > 1 && host.isEmpty())
      problems.add(new Problem("host", LOOPBACK, "cannot be reached from the other " + (slurm.get().hosts().size() - 1)
          + " hosts of Slurm job " + slurm.get().jobId(), "give --host $(hostname)"));
    if (seeds.stream().anyMatch(seed -> seed.matches(ADDRESS) && !isLocal(seed.replaceAll(":\\d+$", "")))
        && isLocal(reached))
      problems.add(new Problem("host", reached, "cannot be reached by nodes on other hosts, and a seed is on one",
          "give --host an address of this machine that they can reach"));
    int usedLanes = lanes
        .orElse(slurm.flatMap(job -> boxed(job.cores())).map(own -> Math.min(own, cores))
            .orElseGet(() -> taken.coresLeft(cores)));
    if (usedLanes < 1 || usedLanes > MOST_LANES)
      problems.add(new Problem("lanes", Integer.toString(usedLanes), "must be from 1 to " + MOST_LANES,
          "leave it out for what the machine has"));
    long usedMemory = memoryBytes.orElse(slurm.flatMap(job -> boxed(job.memoryBytes()))
        .map(own -> Math.min(own, memory)).orElseGet(() -> taken.memoryFor(memory, usedLanes, cores)));
    if (usedMemory < LEAST_MEMORY)
      problems.add(new Problem("memory", usedMemory + " bytes", "must be at least " + LEAST_MEMORY + " bytes",
          "give more, or leave it out"));
    if (memoryBytes.isPresent() && usedMemory > memory)
      problems.add(new Problem("memory", usedMemory + " bytes", "is more than the " + memory + " bytes there are",
          "lower it"));
    ClusterSettings settings = ClusterSettings.of(cluster,
        state.orElseGet(() -> StateDirectory.usual(cluster, environment)));
    problems.addAll(settings.validate());
    NodeSettings defaults = NodeSettings.defaults();
    int known = 1 + Math.max(seeds.size(), slurm.map(job -> job.hosts().size() - 1).orElse(0));
    DataPlaneSettings plane = transport
        .withPlannedNodes(transport.plannedNodes() == COUNTED ? known : transport.plannedNodes())
        .withEndpoint(reached, Math.max(0, dataPort.orElse(0)));
    plane.validate().stream().filter(problem -> !problem.key().equals("transport.port"))
        .forEach(problem -> problems.add(problem(problem)));
    tls.ifPresent(files -> problems.addAll(files.validate()));
    if (!problems.isEmpty())
      return Checked.invalid(problems);
    NodeSettings node = defaults.withEndpoint(reached, port.orElse(0)).withLanes(usedLanes, usedMemory)
        .withSeeds(seeds).withDataPlane(plane).withCluster(computesOnly ? settings.computingOnly() : settings);
    NodeSettings encrypted = tls.map(node::withTls).orElse(node);
    return Checked.valid(bindHost.map(encrypted::withBindHost).orElse(encrypted));
  }

  /** A problem of the data plane as one of ours. */
  static Problem problem(DataPlaneException.Problem found) {
    return new Problem(found.key(), found.value(), found.bound(), found.remedy());
  }

  private static void checkPort(List<Problem> problems, String key, OptionalInt port) {
    if (port.isPresent() && (port.getAsInt() < 0 || port.getAsInt() > 0xFFFF))
      problems.add(new Problem(key, Integer.toString(port.getAsInt()), "must be from 0 to 65535", "0 takes any"));
  }

  private static boolean isLocal(String host) {
    return host.equals("localhost") || host.startsWith("127.") || host.equals("::1") || host.equals("[::1]");
  }

  private static Optional<Integer> boxed(OptionalInt value) {
    return value.isPresent() ? Optional.of(value.getAsInt()) : Optional.empty();
  }

  private static Optional<Long> boxed(OptionalLong value) {
    return value.isPresent() ? Optional.of(value.getAsLong()) : Optional.empty();
  }
}
