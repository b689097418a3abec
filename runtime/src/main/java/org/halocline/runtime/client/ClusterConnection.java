package org.halocline.runtime.client;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.halocline.runtime.cluster.CoordinatorMessage;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.membership.Membership;
import org.halocline.runtime.membership.NodeException;
import org.halocline.runtime.membership.StuckStreams;
import org.halocline.runtime.trust.ControlTls;
import org.halocline.runtime.trust.SeedProbe;
import org.halocline.runtime.trust.TlsSettings;

/**
 * Speaks to a cluster by messages from a process that is none of its nodes: it has no lanes, no state directory and no
 * vote, and comes and goes unnoticed. Any node may be named; when it dies another one is found. Thread-safe.
 *
 * @param client asks the cluster
 * @param cluster name of the cluster
 */
public record ClusterConnection(ActorSystem<Void> system, ClusterClient client,
    String cluster) implements AutoCloseable {
  private static final String LOOPBACK = "127.0.0.1";
  private static final long OPENS_WITHIN_S = 10;

  /**
   * From this machine to nodes on it.
   *
   * @param nodes host:port of some nodes, as their ready lines show them
   * @param token the cluster's
   * @throws NodeException when none of them answers, the token is another cluster's, or the cluster is of another
   * protocol
   */
  public static ClusterConnection to(List<String> nodes, String token) {
    return to(nodes, token, LOOPBACK, Optional.empty());
  }

  /**
   * @param host address of this machine that the nodes can answer to; the client listens there, on any free port
   * @param tls for a cluster that has certificates of its users; empty for one whose token makes them
   */
  public static ClusterConnection to(List<String> nodes, String token, String host, Optional<TlsSettings> tls) {
    if (token.isBlank())
      throw NodeException.refused(
          Problem.of("token", "is empty", "give what the file token in the cluster's state directory holds"),
          new IllegalArgumentException("no token"));
    ControlTls control = ControlTls.of(tls, token, "");
    ActorSystem<Void> system = system(host, control, ConfigFactory.empty());
    try {
      CompletableFuture<ClusterGateway.Opened> first = new CompletableFuture<>();
      ActorRef<CoordinatorMessage> finder = system
          .systemActorOf(GatewayFinder.create(Membership.SYSTEM, nodes, first), "door-finder", Props.empty());
      ClusterGateway.Opened opened = opened(nodes, host, control, first);
      int protocol = ClusterGateway.protocol(system);
      if (opened.protocol() != protocol)
        throw NodeException.refused(
            new Problem("node", opened.node(), "speaks protocol " + opened.protocol() + ", and this client protocol "
                + protocol, "run the same version of Halocline on both sides"),
            new IllegalStateException("another protocol"));
      return new ClusterConnection(system, new ClusterClient(system, finder.narrow(), token), opened.cluster());
    } catch (NodeException e) {
      system.terminate();
      throw e;
    }
  }

  /**
   * The first node that answers, with any version of the protocol.
   *
   * @throws NodeException when no node answers
   */
  public static ClusterGateway.Opened knock(List<String> nodes, String host, ControlTls tls, Config overrides) {
    ActorSystem<Void> system = system(host, tls, overrides);
    try {
      CompletableFuture<ClusterGateway.Opened> first = new CompletableFuture<>();
      system.systemActorOf(GatewayFinder.create(Membership.SYSTEM, nodes, first), "door-finder", Props.empty());
      return opened(nodes, host, tls, first);
    } finally {
      system.terminate();
    }
  }

  private static ActorSystem<Void> system(String host, ControlTls tls, Config overrides) {
    Config own = ConfigFactory.parseMap(Map.of("pekko.actor.provider", "remote", "pekko.remote.warn-about-direct-use",
        false, "pekko.remote.warn-unsafe-watch-outside-cluster", false, "pekko.remote.artery.canonical.hostname", host,
        "pekko.remote.artery.canonical.port", 0));
    Config config = overrides.withFallback(own).withFallback(ConfigFactory.parseResourcesAnySyntax("halocline-node"))
        .withFallback(ConfigFactory.defaultReference()).resolve();
    ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "halocline-client",
        ActorSystemSetup.create(BootstrapSetup.create(config), tls.setup()));
    StuckStreams.stopAtEndOf(system, StuckStreams.END_WITHIN);
    return system;
  }

  private static ClusterGateway.Opened opened(List<String> nodes, String host, ControlTls tls,
      CompletableFuture<ClusterGateway.Opened> first) {
    Thread.ofVirtual().name("seed-probe")
        .start(() -> SeedProbe.complaints(nodes, tls)
            .ifPresent(why -> first.completeExceptionally(NodeException.refused(
                new Problem("node", String.join(", ", nodes), why, tls.isByToken()
                    ? "give the token that the file token in the cluster's state directory holds"
                    : "name a store with a certificate that the nodes trust"),
                new IllegalStateException("no trust")))));
    try {
      return first.get(OPENS_WITHIN_S, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NodeException(Problem.of("node", "was interrupted while it was asked", "connect again"), e);
    } catch (ExecutionException | TimeoutException e) {
      if (e.getCause() instanceof NodeException distrust)
        throw distrust;
      throw new NodeException(new Problem("node", String.join(", ", nodes),
          "has not answered within " + OPENS_WITHIN_S + " s",
          "check that it runs, and that it can reach " + host + ", where this client listens"), e);
    }
  }

  /** Ends what was asked and not answered; the cluster's jobs go on. */
  @Override
  public void close() {
    system.terminate();
    try {
      system.getWhenTerminated().toCompletableFuture().get(OPENS_WITHIN_S, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      org.slf4j.LoggerFactory.getLogger(ClusterConnection.class).warn("the client does not stop", e);
    }
  }
}
