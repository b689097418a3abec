package org.halocline.transport;

import java.util.List;

/**
 * What a rank must know to join an epoch of a domain. Every rank passes the same domain, epoch and addresses.
 *
 * @param domain
 *          token of the domain, unique among the domains of a cluster
 * @param epoch
 *          grows whenever the domain is rebuilt; not negative
 * @param rank
 *          own rank, an index of {@code ranks}
 * @param ranks
 *          node of every rank; several ranks may share a node
 */
public record Membership(long domain, int epoch, int rank, List<NodeAddress> ranks) {
  public Membership {
    ranks = List.copyOf(ranks);
    if (epoch < 0) {
      throw new IllegalArgumentException("epoch = " + epoch + " is negative");
    }
    if (rank < 0 || rank >= ranks.size()) {
      throw new IllegalArgumentException("rank = " + rank + " is not one of the domain's " + ranks.size() + " ranks");
    }
  }

  @Override
  public String toString() {
    return "rank " + rank + " of " + ranks.size() + " in domain " + Long.toHexString(domain) + ", epoch " + epoch;
  }
}
