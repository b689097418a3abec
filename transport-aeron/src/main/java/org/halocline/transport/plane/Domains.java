package org.halocline.transport.plane;

import java.util.function.Consumer;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.collections.Long2ObjectHashMap;
import org.halocline.transport.DomainMember;

/** The ranks that have joined on this node, by domain and rank. Owned by the data plane's thread. */
final class Domains {
  private final Long2ObjectHashMap<Int2ObjectHashMap<RankState>> byToken = new Long2ObjectHashMap<>();

  /** The rank, or null. */
  RankState find(long domain, int rank) {
    Int2ObjectHashMap<RankState> ranks = byToken.get(domain);
    return ranks == null ? null : ranks.get(rank);
  }

  void add(RankState rank) {
    byToken.computeIfAbsent(rank.membership().domain(), _ -> new Int2ObjectHashMap<>()).put(rank.membership().rank(),
        rank);
  }

  /** Removes exactly this rank, not one that has joined since. */
  void remove(RankState rank) {
    DomainMember m = rank.membership();
    Int2ObjectHashMap<RankState> ranks = byToken.get(m.domain());
    if (ranks != null && ranks.get(m.rank()) == rank) {
      ranks.remove(m.rank());
      if (ranks.isEmpty())
        byToken.remove(m.domain());
    }
  }

  void forEach(Consumer<RankState> visitor) {
    byToken.values().forEach(ranks -> ranks.values().forEach(visitor));
  }
}
