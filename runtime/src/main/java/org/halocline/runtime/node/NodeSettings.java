package org.halocline.runtime.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.Optional;
import org.halocline.runtime.membership.ClusterSettings;
import org.halocline.runtime.trust.TlsSettings;
import org.halocline.transport.DataPlaneSettings;

/**
 * How a node starts. Immutable; {@link #defaults} and the {@code with} methods make it.
 *
 * @param host address that other nodes reach this one by; loopback by default
 * @param port TCP port of it; 0 takes a free one
 * @param seeds nodes to join, as host:port; empty makes a cluster of its own
 * @param lanes how many cores to offer
 * @param memoryBytes what all lanes may use together
 * @param dataPlane settings of the data plane, started when a domain needs it; control messages come in on its bind
 * host too
 * @param overrides Pekko settings that go before all others; empty as a rule
 * @param tls certificates of the user's for control messages; empty for those that the token makes
 * @param token what all nodes of the cluster know, and others do not; empty for that of the state directory; without
 * one a node that runs jobs for its own process talks to no other
 * @param cluster of which cluster this node is; empty for one that runs jobs for its own process only
 */
public record NodeSettings(String host, int port, List<String> seeds, int lanes, long memoryBytes,
    DataPlaneSettings dataPlane, Config overrides, Optional<TlsSettings> tls, Optional<String> token,
    Optional<ClusterSettings> cluster) {
  public NodeSettings {
    seeds = List.copyOf(seeds);
    if (port < 0 || port > 0xFFFF)
      throw new IllegalArgumentException("port = " + port + " is not in 0 to 65535");
    if (lanes < 1)
      throw new IllegalArgumentException("lanes = " + lanes + " is less than 1");
  }

  /** A cluster of one on loopback: as many lanes as cores, and this JVM's whole heap. */
  public static NodeSettings defaults() {
    Runtime machine = Runtime.getRuntime();
    return new NodeSettings("127.0.0.1", 0, List.of(), machine.availableProcessors(), machine.maxMemory(),
        DataPlaneSettings.defaults(), ConfigFactory.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  public NodeSettings withEndpoint(String newHost, int newPort) {
    return new NodeSettings(newHost, newPort, seeds, lanes, memoryBytes, dataPlane, overrides, tls, token, cluster);
  }

  public NodeSettings withSeeds(List<String> newSeeds) {
    return new NodeSettings(host, port, newSeeds, lanes, memoryBytes, dataPlane, overrides, tls, token, cluster);
  }

  public NodeSettings withLanes(int newLanes, long newMemoryBytes) {
    return new NodeSettings(host, port, seeds, newLanes, newMemoryBytes, dataPlane, overrides, tls, token, cluster);
  }

  public NodeSettings withDataPlane(DataPlaneSettings newDataPlane) {
    return new NodeSettings(host, port, seeds, lanes, memoryBytes, newDataPlane, overrides, tls, token, cluster);
  }

  public NodeSettings withOverrides(Config newOverrides) {
    return new NodeSettings(host, port, seeds, lanes, memoryBytes, dataPlane, newOverrides, tls, token, cluster);
  }

  /** One of a cluster that keeps its jobs on disk. */
  public NodeSettings withCluster(ClusterSettings newCluster) {
    return new NodeSettings(host, port, seeds, lanes, memoryBytes, dataPlane, overrides, tls, token,
        Optional.of(newCluster));
  }

  /** Knows the token of a cluster whose state directory it does not see. */
  public NodeSettings withToken(String newToken) {
    return new NodeSettings(host, port, seeds, lanes, memoryBytes, dataPlane, overrides, tls, Optional.of(newToken),
        cluster);
  }

  /** Encrypts its control messages by certificates of the user's, not by those that the token makes. */
  public NodeSettings withTls(TlsSettings newTls) {
    return new NodeSettings(host, port, seeds, lanes, memoryBytes, dataPlane, overrides, Optional.of(newTls), token,
        cluster);
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "node on " + host + ":" + port + " with " + lanes + " lanes";
  }
}
