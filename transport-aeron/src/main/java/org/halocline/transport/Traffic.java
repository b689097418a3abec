package org.halocline.transport;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** Running totals. The data plane's thread writes, any thread reads. */
final class Traffic {
  /** Totals with one peer node. */
  static final class Peer {
    private final AtomicLong bytesSent = new AtomicLong();
    private final AtomicLong framesSent = new AtomicLong();
    private final AtomicLong bytesReceived = new AtomicLong();
    private final AtomicLong framesReceived = new AtomicLong();

    void sent(long bytes) {
      bytesSent.lazySet(bytesSent.get() + bytes);
      framesSent.lazySet(framesSent.get() + 1);
    }

    void received(long bytes) {
      bytesReceived.lazySet(bytesReceived.get() + bytes);
      framesReceived.lazySet(framesReceived.get() + 1);
    }
  }

  private final Map<NodeAddress, Peer> peers = new ConcurrentHashMap<>();
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicLong rejected = new AtomicLong();

  Peer peer(NodeAddress address) {
    return peers.computeIfAbsent(address, _ -> new Peer());
  }

  void drop() {
    dropped.lazySet(dropped.get() + 1);
  }

  void reject() {
    rejected.lazySet(rejected.get() + 1);
  }

  TrafficCounters snapshot() {
    return new TrafficCounters(peers.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, e -> {
      Peer p = e.getValue();
      return new TrafficCounters.Peer(p.bytesSent.get(), p.framesSent.get(), p.bytesReceived.get(),
          p.framesReceived.get());
    })), dropped.get(), rejected.get());
  }
}
