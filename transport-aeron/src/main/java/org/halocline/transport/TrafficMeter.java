package org.halocline.transport;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.agrona.collections.Int2ObjectHashMap;

/** Running totals. The data plane's thread writes, any thread reads. */
public final class TrafficMeter {
  /** Totals with one peer node. */
  public static final class Peer {
    private final AtomicLong bytesSent = new AtomicLong();
    private final AtomicLong framesSent = new AtomicLong();
    private final AtomicLong bytesReceived = new AtomicLong();
    private final AtomicLong framesReceived = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong rejected = new AtomicLong();

    public void sent(long bytes) {
      bytesSent.lazySet(bytesSent.get() + bytes);
      increment(framesSent);
    }

    public void received(long bytes) {
      bytesReceived.lazySet(bytesReceived.get() + bytes);
      increment(framesReceived);
    }
  }

  private final Map<NodeAddress, Peer> peers = new ConcurrentHashMap<>();
  private final Int2ObjectHashMap<Peer> peerOfSession = new Int2ObjectHashMap<>();
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicLong rejected = new AtomicLong();

  public Peer peer(NodeAddress address) {
    return peers.computeIfAbsent(address, _ -> new Peer());
  }

  /** A node has shown, by a domain's token, that a session is its own. */
  public void identify(int session, Peer peer) {
    peerOfSession.put(session, peer);
  }

  /** Whether a session is that of a node of some domain here. */
  public boolean knows(int session) {
    return peerOfSession.containsKey(session);
  }

  public void forget(int session) {
    peerOfSession.remove(session);
  }

  public void drop(int session) {
    increment(dropped);
    Peer peer = peerOfSession.get(session);
    if (peer != null)
      increment(peer.dropped);
  }

  public void reject(int session) {
    increment(rejected);
    Peer peer = peerOfSession.get(session);
    if (peer != null)
      increment(peer.rejected);
  }

  /** Something that belongs to no stream. */
  public void reject() {
    increment(rejected);
  }

  private static void increment(AtomicLong count) {
    count.lazySet(count.get() + 1);
  }

  public TrafficCounters snapshot() {
    return new TrafficCounters(peers.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, e -> {
      Peer p = e.getValue();
      return new TrafficCounters.Peer(p.bytesSent.get(), p.framesSent.get(), p.bytesReceived.get(),
          p.framesReceived.get(), p.dropped.get(), p.rejected.get());
    })), dropped.get(), rejected.get());
  }
}
