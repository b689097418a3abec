package org.halocline.transport;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * What a rank must know to join a domain. Every rank passes the same domain and addresses.
 *
 * @param domain token of the domain, unique among the domains of a cluster, and a secret: a process that knows it can
 * send to the domain's ranks
 * @param rank own rank, an index of {@code ranks}
 * @param ranks node of every rank; several ranks may share a node
 */
public record DomainMember(long domain, int rank, List<NodeAddress> ranks) {
  public DomainMember {
    ranks = List.copyOf(ranks);
    if (rank < 0 || rank >= ranks.size())
      throw new IllegalArgumentException("rank = " + rank + " is not one of the domain's " + ranks.size() + " ranks");
  }

  /** What a domain may be called in messages: tells domains apart, and nothing of the token. */
  public static String domainName(long token) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256")
          .digest(ByteBuffer.allocate(Long.BYTES).putLong(token).array());
      return HexFormat.of().formatHex(digest, 0, Integer.BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "rank " + rank + " of " + ranks.size() + " in domain " + domainName(domain);
  }
}
