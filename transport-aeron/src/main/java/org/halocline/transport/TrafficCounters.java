package org.halocline.transport;

import java.util.Map;

/**
 * A snapshot of what a node's data plane has moved since it started. Each number is exact for some moment near the
 * call; the numbers are not all of the same moment.
 *
 * @param peers traffic by peer node; the own address stands for the ranks that share this node
 * @param dropped frames of another domain, or of transfers that were revoked
 * @param rejected frames that make no sense: foreign, unknown version or type, wrong bounds, wrong checksum; and what
 * came to the port from strangers to the cluster's secret
 */
public record TrafficCounters(Map<NodeAddress, Peer> peers, long dropped, long rejected) {
  public TrafficCounters {
    peers = Map.copyOf(peers);
  }

  /**
   * Bytes are payload, without headers; frames are all frames, control frames included. Dropped and rejected are those
   * of the streams on which this peer has joined a domain.
   */
  public record Peer(long bytesSent, long framesSent, long bytesReceived, long framesReceived, long dropped,
      long rejected) {}

  public long bytesSent() {
    return peers.values().stream().mapToLong(Peer::bytesSent).sum();
  }

  public long bytesReceived() {
    return peers.values().stream().mapToLong(Peer::bytesReceived).sum();
  }
}
