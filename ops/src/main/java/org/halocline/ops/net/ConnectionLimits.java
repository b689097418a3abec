package org.halocline.ops.net;

import java.time.Duration;

/**
 * What connections may do.
 *
 * @param all most connections at a time
 * @param ofPeer most connections of one address at a time; this machine counts as one address, and so does a /64
 * network of IPv6
 * @param request how long the whole head of the next request may take to arrive
 * @param stalled how long a caller may read nothing of its answer
 * @param idle how long a request that is being answered may move no byte in either direction
 */
public record ConnectionLimits(int all, int ofPeer, Duration request, Duration stalled, Duration idle) {
  /** Room for some pages and programs of each of several machines; longer to answer than the server may take. */
  public static ConnectionLimits usual() {
    return new ConnectionLimits(512, 256, Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(330));
  }
}
