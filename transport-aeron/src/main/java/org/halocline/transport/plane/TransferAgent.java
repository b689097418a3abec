package org.halocline.transport.plane;

import io.aeron.Aeron;
import io.aeron.Subscription;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.agrona.collections.IntArrayList;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.halocline.transport.DataPlaneException;
import org.halocline.transport.DomainMember;
import org.halocline.transport.NodeAddress;
import org.halocline.transport.TrafficMeter;
import org.halocline.transport.driver.ChannelUris;
import org.halocline.transport.wire.FrameChecksum;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The duty cycle of a node's data plane: takes commands, polls, sends. One thread runs it and owns everything it
 * reaches; other threads call {@link #submit} and {@link #fault} only.
 *
 * <p>
 * Any exception that reaches the duty cycle is fatal: every open transfer fails, and the data plane must be started
 * anew. Aeron closes a client for good when its process was suspended too long, so there is no other way back anyway.
 */
final class TransferAgent implements Agent {
  private static final Logger LOG = LoggerFactory.getLogger(TransferAgent.class);
  private static final int COMMANDS = 1 << 14;
  private static final int FRAGMENTS = 16;
  /**
   * While something is awaited from another node, or a full publication is to drain: an eighth of the wait so far,
   * within these.
   */
  private static final long SHORTEST_PARK_NS = 20_000;
  private static final long LONGEST_EXPECTING_PARK_NS = 200_000;
  /** After the last work with other nodes around: what was sent may still have to be retransmitted. */
  private static final long LINGER_NS = 20_000_000;
  /**
   * The driver and the client's conductor look at sockets and clocks at every call. Exchanges among the ranks of one
   * node need no driver, but for publications that are full or new. So the driver runs this often only, and not between
   * frames.
   */
  private static final long HOUSEKEEPING_NS = 500_000;
  /** After a rank has joined, streams are still being set up. */
  private static final long SETTLING_NS = 50_000_000;
  private static final long DRAIN_LIMIT_NS = 2_000_000_000L;
  /** Longer than the interval at which the driver tells that a stream has ended. */
  private static final long FAREWELL_NS = 150_000_000;
  private static final long LISTENING_PARK_NS = 1_000_000;
  /** While only this node's own threads can bring work, and they wake us: just the client's keepalive. */
  private static final long QUIET_PARK_NS = 5_000_000;

  private final ManyToOneConcurrentArrayQueue<Command> commands = new ManyToOneConcurrentArrayQueue<>(COMMANDS);
  private final Consumer<Command> carryOut = this::carryOut;
  private final WakeableIdle idle = new WakeableIdle(commands::isEmpty, this::parkNs);
  private final Domains domains = new Domains();
  private final Map<String, PeerChannel> channelByUri = new HashMap<>();
  private final List<PeerChannel> channels = new ArrayList<>();
  private final AtomicReference<String> fault = new AtomicReference<>();
  private final Aeron aeron;
  private final AgentInvoker driver;
  private final AgentInvoker conductor;
  private final List<Subscription> subscriptions = new ArrayList<>(2);
  private final ChannelUris uris;
  private final TrafficMeter traffic;
  private final Shake shake;
  private final FrameChecksum checksum;
  private final Inbound inbound;
  /** Sessions of streams that Aeron has declared ended. */
  private final IntArrayList endedSessions = new IntArrayList();
  private volatile boolean stopped;
  private long lastWorkNs;
  private long housekeptNs = System.nanoTime() - HOUSEKEEPING_NS;
  private long joinedNs = System.nanoTime();

  TransferAgent(Aeron aeron, Optional<AgentInvoker> driver, ChannelUris uris,
      TrafficMeter traffic, Shake shake) {
    this.aeron = aeron;
    this.driver = driver.orElse(null);
    this.conductor = aeron.conductorAgentInvoker();
    this.uris = uris;
    this.traffic = traffic;
    this.shake = shake;
    this.checksum = new FrameChecksum(uris.settings().protection().checksum());
    this.inbound = new Inbound(domains, traffic, shake, checksum);
  }

  /** Opens the subscriptions; before the duty cycle starts. */
  void listen() {
    for (String channel : List.of(uris.ipcSubscription(), uris.udpSubscription()))
      subscriptions
          .add(aeron.addSubscription(channel, uris.own().port(), null,
              image -> endedSessions.addInt(image.sessionId())));
  }

  WakeableIdle idle() {
    return idle;
  }

  /**
   * Hands over a command, or refuses it if the duty cycle has ended. Waits only while thousands of commands are queued.
   */
  void submit(Command command) {
    while (!commands.offer(command)) {
      if (stopped)
        break;
      idle.wake();
      Thread.yield();
    }
    if (stopped)
      command.refuse(whyStopped());
    else
      idle.wake();
  }

  /** Why the duty cycle ended by itself, or null. */
  String fault() {
    return fault.get();
  }

  @Override
  public String roleName() {
    return "halocline-data-plane-" + uris.own().port();
  }

  @Override
  public int doWork() {
    try {
      return dutyCycle();
    } catch (AgentTerminationException e) {
      throw e;
    } catch (RuntimeException | Error e) {
      lose(e.toString());
      LOG.error("Data plane {} stops: {}", uris.own(), e.toString(), e);
      throw new AgentTerminationException(e);
    }
  }

  void lose(String why) {
    fault.compareAndSet(null, why);
  }

  private int dutyCycle() {
    int work = commands.drain(carryOut, COMMANDS);
    long nowNs = System.nanoTime();
    if (nowNs - housekeptNs >= HOUSEKEEPING_NS || nowNs - joinedNs < SETTLING_NS || needsHousekeeping()) {
      housekeptNs = nowNs;
      work += keepHouse();
    }
    for (int i = 0; i < channels.size(); i++)
      work += channels.get(i).send();
    for (int i = 0; i < subscriptions.size(); i++)
      work += subscriptions.get(i).poll(inbound, FRAGMENTS);
    work += inbound.deliverHeld();
    if (work > 0)
      lastWorkNs = nowNs;
    return work;
  }

  private boolean needsHousekeeping() {
    for (int i = 0; i < channels.size(); i++) {
      PeerChannel channel = channels.get(i);
      if (channel.remote || channel.isStuck())
        return true;
    }
    return false;
  }

  private int keepHouse() {
    int work = driver == null ? 0 : driver.invoke();
    work += conductor.invoke();
    if (aeron.isClosed()) {
      lose("the Aeron client was closed, as after a long suspension of the process");
      throw new AgentTerminationException(fault());
    }
    while (!endedSessions.isEmpty()) {
      int session = endedSessions.removeAt(endedSessions.size() - 1);
      domains.forEach(rank -> rank.breakOff(session, "was interrupted"));
      traffic.forget(session);
    }
    return work;
  }

  private void carryOut(Command command) {
    switch (command) {
      case OpenTransfer transfer -> transfer.rank.submit(transfer);
      case Command.Join join -> {
        try {
          join(join.rank());
          join.done().complete(null);
        } catch (DataPlaneException e) {
          join.done().completeExceptionally(e);
        }
      }
      case Command.Revoke(var rank, int chain, var done) -> {
        rank.revoke(chain);
        done.complete(null);
      }
      case Command.Leave(var rank, boolean forGood, var done) -> {
        rank.revokeAll();
        if (forGood)
          domains.remove(rank);
        done.complete(null);
      }
      case Command.Describe(var rank, var lines) -> lines.complete(rank.describe(System.nanoTime()));
    }
  }

  private void join(RankState rank) {
    DomainMember m = rank.membership();
    RankState before = domains.find(m.domain(), m.rank());
    if (before != null)
      throw new DataPlaneException(List.of(new DataPlaneException.Problem("rank", Integer.toString(m.rank()),
          "must not have joined yet, but its link is open: " + before.membership(), "close that link first")));
    joinedNs = System.nanoTime();
    domains.add(rank);
    rank.join(m.ranks().stream().map(this::channel).toList());
  }

  private PeerChannel channel(NodeAddress address) {
    String uri = uris.publication(address);
    PeerChannel channel = channelByUri.get(uri);
    if (channel == null) {
      channel = new PeerChannel(aeron, address, !address.equals(uris.own()), uri, shake, traffic, checksum);
      channelByUri.put(uri, channel);
      channels.add(channel);
    }
    return channel;
  }

  private long parkNs() {
    long waitedNs = System.nanoTime() - lastWorkNs;
    long expecting = Math.clamp(waitedNs / 8, SHORTEST_PARK_NS, LONGEST_EXPECTING_PARK_NS);
    boolean alone = true;
    for (int i = 0; i < channels.size(); i++) {
      PeerChannel channel = channels.get(i);
      if (channel.hasPending() || channel.remote && channel.open > 0)
        return expecting;
      alone &= !channel.remote;
    }
    return alone ? QUIET_PARK_NS : waitedNs < LINGER_NS ? expecting : LISTENING_PARK_NS;
  }

  @Override
  public void onClose() {
    domains.forEach(rank -> rank.failAll(whyStopped()));
    stopped = true;
    while (!commands.isEmpty()) { // a drain stops at a slot that is claimed but not yet written
      commands.drain(command -> command.refuse(whyStopped()));
      Thread.onSpinWait();
    }
    if (driver != null && fault() == null && channels.stream().anyMatch(channel -> channel.remote))
      drain();
  }

  /**
   * Lets the own driver finish with other nodes before it ends: what was sent goes out, losses of the last moment are
   * repaired, and peers hear that the stream is over instead of waiting for a timeout.
   */
  private void drain() {
    long start = System.nanoTime();
    while (!channels.stream().allMatch(PeerChannel::isDrained) && System.nanoTime() - start < DRAIN_LIMIT_NS)
      idle.idle(driver.invoke() + conductor.invoke());
    channels.forEach(PeerChannel::close);
    long closing = System.nanoTime();
    while (System.nanoTime() - closing < FAREWELL_NS)
      idle.idle(driver.invoke() + conductor.invoke());
  }

  private String whyStopped() {
    String why = fault();
    return why == null ? "the data plane was closed" : "the data plane has stopped: " + why;
  }
}
