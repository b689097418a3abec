package org.halocline.ops.net;

import java.time.Duration;

/**
 * What connections may do.
 *
 * @param all
 *          most connections at a time
 * @param ofPeer
 *          most connections of one address at a time; this machine is one address, and so is a network of IPv6
 * @param request
 *          how long the next request, its head whole, may take to come
 * @param stalled
 *          how long a caller may read nothing of an answer that is there
 * @param idle
 *          how long nothing at all may pass while a request is answered
 */
public record ConnectionLimits(int all, int ofPeer, Duration request, Duration stalled, Duration idle) {

  /** Room for some pages and programs of each of several machines; longer to answer than the server may take. */
  public static ConnectionLimits usual() {
    return new ConnectionLimits(512, 256, Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(330));
  }
}
