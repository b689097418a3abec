package org.halocline.runtime.rank;

import java.util.List;
import java.util.Optional;
import org.halocline.runtime.WireMessage;
import org.halocline.transport.DomainMember;
import org.halocline.transport.NodeAddress;

/**
 * What a rank must know to come into being on its node.
 *
 * @param jobId id of the job
 * @param kind kind of the job
 * @param resolvedText the job's settings, resolved, as JSON
 * @param runDirectory absolute, readable on the rank's node
 * @param domain token of the domain, unique in the cluster; a secret of its ranks, which is not to be shown
 * @param rank 0 to x·y − 1; rank r stands at (r / y, r % y)
 * @param x parts along x
 * @param y parts along y
 * @param rankAddresses data plane of each rank's node; empty for a domain of one rank, which needs none
 * @param lane number of the lane on the rank's node
 * @param grid what the domain is cut of; empty in a domain that has no grid
 */
public record RankAssignment(String jobId, String kind, String resolvedText, String runDirectory, long domain,
    int rank, int x, int y, List<NodeAddress> rankAddresses, int lane, Optional<DomainSpec> grid)
    implements
      WireMessage {

  public RankAssignment {
    rankAddresses = List.copyOf(rankAddresses);
    if (rank < 0 || rank >= x * y)
      throw new IllegalArgumentException("rank " + rank + " of a domain of " + x + "×" + y);
    if (x * y > 1 && rankAddresses.size() != x * y)
      throw new IllegalArgumentException(rankAddresses.size() + " data plane addresses for " + x * y + " ranks");
  }

  /** What the domain may be called in names and messages. */
  public String domainName() {
    return DomainMember.domainName(domain);
  }

  public int ranks() {
    return x * y;
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "rank " + rank + " of domain " + domainName() + " of job " + jobId + " on lane " + lane;
  }
}
