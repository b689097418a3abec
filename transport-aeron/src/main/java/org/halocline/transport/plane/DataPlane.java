package org.halocline.transport.plane;

import io.aeron.Aeron;
import io.aeron.exceptions.AeronException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.agrona.CloseHelper;
import org.agrona.concurrent.AgentRunner;
import org.halocline.transport.DataPlaneException;
import org.halocline.transport.DataPlaneException.Problem;
import org.halocline.transport.DataPlaneSettings;
import org.halocline.transport.DomainMember;
import org.halocline.transport.Link;
import org.halocline.transport.NodeAddress;
import org.halocline.transport.TrafficCounters;
import org.halocline.transport.TrafficMeter;
import org.halocline.transport.driver.ChannelUris;
import org.halocline.transport.driver.KernelLimits;
import org.halocline.transport.driver.NodeDriver;
import org.halocline.transport.driver.Readiness;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node's data plane: the media driver, one Aeron client, and one thread that owns every publication and
 * subscription and does all the copying. Thread-safe.
 *
 * <p>
 * A data plane can end by itself: when its process is suspended for longer than Aeron's client liveness timeout (10 s),
 * Aeron closes the client for good. Every open transfer then fails, {@link #failure} says why, and a new data plane and
 * new domains are needed.
 */
public final class DataPlane implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DataPlane.class);
  private static final int FURTHER_PORTS = 8;

  private final NodeAddress address;
  private final TrafficMeter traffic;
  private final TransferAgent agent;
  private final AgentRunner runner;
  private final Aeron aeron;
  private final NodeDriver driver;
  private final AtomicBoolean closed = new AtomicBoolean();

  private DataPlane(NodeAddress address, TrafficMeter traffic, TransferAgent agent, AgentRunner runner, Aeron aeron,
      NodeDriver driver) {
    this.address = address;
    this.traffic = traffic;
    this.agent = agent;
    this.runner = runner;
    this.aeron = aeron;
    this.driver = driver;
  }

  /**
   * Starts the node's data plane: settles port, directory and socket buffers, starts or finds the media driver, and
   * listens.
   *
   * @throws DataPlaneException with every problem found, by key, value, bound and remedy; nothing is left behind
   */
  public static DataPlane start(DataPlaneSettings settings) {
    return start(settings, KernelLimits.ofThisMachine());
  }

  /**
   * Everything that keeps a data plane with these settings from starting here and now: wrong values, a port that is
   * taken, no space for the driver's files. Starts nothing. A value that is merely lower than asked for is no problem.
   */
  public static List<Problem> problems(DataPlaneSettings settings) {
    List<Problem> problems = new ArrayList<>(settings.validate());
    if (problems.isEmpty()) {
      problems.addAll(Readiness.of(settings, KernelLimits.ofThisMachine()).problems());
      if (settings.externalDriver().isEmpty())
        problems.addAll(NodeDriver.lackOfSpace(settings));
    }
    return problems;
  }

  /**
   * Removes the directories of media drivers that processes of this user have left, killed, where these settings would
   * put one: they hold memory of the machine until then. A data plane does so when it starts; a process that may never
   * need one does well to do it too.
   *
   * @return what was removed, with how many bytes it held
   */
  public static Map<Path, Long> removeDead(DataPlaneSettings settings) {
    return settings.externalDriver().isPresent() ? Map.of() : NodeDriver.removeDead(settings);
  }

  /** A port that the settings leave open is chosen again where another process takes the first one. */
  static DataPlane start(DataPlaneSettings settings, KernelLimits kernel) {
    List<Problem> problems = settings.validate();
    if (!problems.isEmpty())
      throw new DataPlaneException(problems);
    for (int left = settings.port() == 0 ? FURTHER_PORTS : 0;; left--)
      try {
        return startOnce(settings, kernel);
      } catch (DataPlaneException e) {
        if (left == 0 || !e.isOfPort())
          throw e;
        LOG.info("{}; another port is tried", e.getMessage());
      }
  }

  private static DataPlane startOnce(DataPlaneSettings settings, KernelLimits kernel) {
    Readiness udp = Readiness.of(settings, kernel);
    if (!udp.problems().isEmpty())
      throw new DataPlaneException(udp.problems());
    udp.warnings().forEach(warning -> LOG.warn("{}", warning));
    TrafficMeter traffic = new TrafficMeter();
    NodeDriver driver = settings.externalDriver().map(NodeDriver::external)
        .orElseGet(() -> NodeDriver.embedded(settings, udp, traffic));
    Aeron aeron = null;
    try {
      Aeron.Context client = new Aeron.Context().aeronDirectoryName(driver.directory().toString())
          .useConductorAgentInvoker(true)
          .errorHandler(e -> LOG.warn("Aeron client of port {}: {}", udp.port(), e.toString()));
      driver.dutyCycle().ifPresent(client::driverAgentInvoker);
      aeron = Aeron.connect(client);
      NodeAddress address = new NodeAddress(settings.slot(), driver.identity(), settings.host(), udp.port());
      ChannelUris uris = ChannelUris.create(address, settings, udp, System.currentTimeMillis());
      TransferAgent agent = new TransferAgent(aeron, driver.dutyCycle(), uris, traffic, new Shake(settings.shake()));
      agent.listen();
      AgentRunner runner = new AgentRunner(agent.idle(), e -> agent.lose(e.toString()), null, agent);
      AgentRunner.startOnThread(runner, task -> {
        Thread thread = new Thread(task, agent.roleName());
        thread.setDaemon(true);
        return thread;
      });
      LOG.info("Data plane {} is up, its driver in {}", address, driver.directory());
      return new DataPlane(address, traffic, agent, runner, aeron, driver);
    } catch (AeronException e) {
      CloseHelper.closeAll(aeron, driver);
      throw new DataPlaneException(
          new Problem("transport.port", settings.host() + ":" + udp.port(),
              "the media driver refused: " + e.getMessage(),
              "choose another port or host, or look at the driver's log"),
          e);
    } catch (RuntimeException e) {
      CloseHelper.closeAll(aeron, driver);
      throw e;
    }
  }

  /** Where peers reach this node; put it into {@link DomainMember#ranks} for every rank that runs here. */
  public NodeAddress address() {
    return address;
  }

  /**
   * Joins a domain as one rank. The ranks may join in any order and may post and send at once: nothing is lost to a
   * rank that joins late.
   *
   * @throws IllegalArgumentException the own rank is not on this node
   * @throws DataPlaneException a link of the same rank is open
   * @throws IllegalStateException the data plane was closed or has failed
   */
  public Link join(DomainMember membership) {
    if (!membership.ranks().get(membership.rank()).equals(address))
      throw new IllegalArgumentException(
          membership + " has address " + membership.ranks().get(membership.rank()) + ", but this node is " + address);
    RankState rank = new RankState(membership);
    CompletableFuture<Void> done = new CompletableFuture<>();
    agent.submit(new Command.Join(rank, done));
    try {
      done.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
    return new RankLink(agent, rank);
  }

  /** What was moved so far. */
  public TrafficCounters counters() {
    return traffic.snapshot();
  }

  /** Why this data plane has ended by itself; empty while it works and after {@link #close}. */
  public Optional<String> failure() {
    return Optional.ofNullable(agent.fault());
  }

  /**
   * Fails every open transfer, ends the thread and the client, and the driver if it is embedded, whose directory is
   * removed. Sends that were done still go out to other nodes first, for at most two seconds.
   */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true))
      CloseHelper.closeAll(runner, aeron, driver);
  }

  @Override
  public String toString() {
    return "data plane " + address;
  }
}
