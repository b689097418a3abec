package org.halocline.runtime.membership;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.actor.Address;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.files.StorageException;
import org.halocline.runtime.state.ProcessLock;
import org.halocline.runtime.state.StateDirectory;
import org.halocline.transport.DataPlaneSettings;

/**
 * A node's place in a cluster that keeps its jobs on disk: the open state directory, and what Pekko must know of it.
 */
public final class Membership implements AutoCloseable {
  /** Name of the actor system of every node. */
  public static final String SYSTEM = "halocline";
  private static final int MOST_SLOTS = 0xFFFF;

  private final ClusterSettings settings;
  private final StateDirectory state;
  private final int slot;
  private final String who = UUID.randomUUID().toString();
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile Optional<ProcessLock> lifeline = Optional.empty();

  private Membership(ClusterSettings settings, StateDirectory state, int slot) {
    this.settings = settings;
    this.state = state;
    this.slot = slot;
  }

  /**
   * Opens the state directory.
   *
   * @throws NodeException when it cannot be used
   */
  public static Membership prepare(ClusterSettings settings) {
    List<Problem> problems = settings.validate();
    if (!problems.isEmpty())
      throw NodeException.refused(problems.getFirst(), new IllegalArgumentException(Problem.lines(problems)));
    try {
      StateDirectory state = StateDirectory.open(settings.state(), settings.name()).allowing(settings.runs());
      return new Membership(settings, state, state.claimSlot(MOST_SLOTS));
    } catch (StorageException e) {
      throw e.getCause() == null ? NodeException.refused(e.problem(), e) : new NodeException(e.problem(), e);
    }
  }

  /** host:port, which is what nodes are called. */
  public static String name(Address address) {
    return address.getHost().orElse("") + ":" + address.getPort().orElse(0);
  }

  public StateDirectory state() {
    return state;
  }

  /** With a number of its own. */
  public DataPlaneSettings dataPlane(DataPlaneSettings base) {
    return base.slot() == 0 ? base.withSlot(slot) : base;
  }

  public Config config() {
    Map<String, Object> values = Map.of("halocline.cluster.name", settings.name(),
        "halocline.cluster.state-identity", settings.coordinates() ? state.identity() : "",
        "halocline.cluster.who", who, "halocline.lease.directory", state.lease().toString(), "pekko.cluster.roles",
        settings.coordinates() ? List.of(ClusterSettings.ROLE) : List.of("computes"));
    return ConfigFactory.parseMap(values).withFallback(ConfigFactory.parseResourcesAnySyntax("halocline-cluster"));
  }

  /**
   * Whom to ask to be let in. A coordinator that is alive goes first: without it a node that is its own seed would make
   * a second cluster of the same name.
   */
  public List<String> seeds(List<String> given, String self) throws InterruptedException {
    Optional<String> live = state.liveCoordinator().filter(node -> !node.equals(self));
    List<String> seeds = new ArrayList<>(given);
    live.ifPresent(node -> {
      seeds.remove(node);
      seeds.addFirst(node);
    });
    return seeds;
  }

  /** Whether the node may begin a cluster where none lives. */
  public boolean mayFound() {
    return settings.coordinates();
  }

  /**
   * Before the node joins.
   *
   * @param self its name
   * @throws NodeException when it cannot show that it lives
   */
  public void begins(String self) {
    try {
      lifeline = Optional.of(state.lives(self));
    } catch (StorageException e) {
      throw new NodeException(e.problem(), e);
    }
    JoinCheck.begins(who);
  }

  public List<String> ends() {
    return JoinCheck.ends(who);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      lifeline.ifPresent(ProcessLock::close);
      state.releaseSlot(slot);
    }
  }
}
