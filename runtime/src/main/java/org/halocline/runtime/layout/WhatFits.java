package org.halocline.runtime.layout;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * What would fit where a job does not; found by planning it.
 *
 * @param mesh the largest smaller mesh of the same shape that fits, in words
 * @param nodes how many nodes like the ones there are would hold the job as it is
 * @param chains how many chains fit, where some do
 */
public record WhatFits(Optional<String> mesh, OptionalInt nodes, OptionalInt chains) {
  /** Larger layouts are not tried: planning takes long, and the answer would be of no use. */
  private static final int MOST_LANES = 256;

  /** The same job with another number of chains; how quick it is does not matter here. */
  private record WithChains(LayoutDemand job, int chains) implements LayoutDemand {
    @Override
    public List<String> laneKinds() {
      return job.laneKinds();
    }

    @Override
    public LayoutRequest layoutRequest() {
      return job.layoutRequest();
    }

    @Override
    public LayoutCost cost(Layout layout) {
      return job.cost(layout);
    }
  }

  /** Changes one thing at a time; the offers are of whole nodes. */
  public static WhatFits of(LayoutDemand demand, List<LaneOffer> offers) {
    return new WhatFits(mesh(demand, offers), nodes(demand, offers), chains(demand, offers));
  }

  private static Optional<String> mesh(LayoutDemand demand, List<LaneOffer> offers) {
    try (Stream<LayoutDemand.Smaller> smaller = demand.smaller()) {
      return smaller.filter(candidate -> fits(candidate.demand(), offers)).findFirst()
          .map(LayoutDemand.Smaller::mesh);
    }
  }

  private static OptionalInt nodes(LayoutDemand demand, List<LaneOffer> offers) {
    int most = MOST_LANES / Math.max(1, offers.size());
    int enough = 2;
    while (enough <= most && !fits(demand, copies(offers, enough)))
      enough *= 2;
    if (enough > most)
      return OptionalInt.empty();
    int tooFew = enough / 2;
    while (enough - tooFew > 1) {
      int middle = (enough + tooFew) / 2;
      if (fits(demand, copies(offers, middle)))
        enough = middle;
      else
        tooFew = middle;
    }
    return OptionalInt.of(enough);
  }

  private static OptionalInt chains(LayoutDemand demand, List<LaneOffer> offers) {
    for (int chains = demand.chains() - 1; chains >= 1; chains--)
      if (fits(new WithChains(demand, chains), offers))
        return OptionalInt.of(chains);
    return OptionalInt.empty();
  }

  private static boolean fits(LayoutDemand demand, List<LaneOffer> offers) {
    return Planner.first(demand, offers).isValid();
  }

  private static List<LaneOffer> copies(List<LaneOffer> offers, int nodes) {
    List<LaneOffer> all = new ArrayList<>();
    for (int node = 0; node < nodes; node++)
      for (LaneOffer offer : offers)
        all.add(new LaneOffer(offer.node() + "/" + node, offer.lane(), offer.traits()));
    return all;
  }

  /** "a mesh of 384×384×768, 2 nodes like this one, or 1 chain"; empty when nothing does. */
  public Optional<String> inWords() {
    List<String> ways = new ArrayList<>();
    mesh.ifPresent(text -> ways.add("a mesh of " + text));
    nodes.ifPresent(number -> ways.add(number + " nodes like this one"));
    chains.ifPresent(number -> ways.add(number + (number == 1 ? " chain" : " chains")));
    if (ways.isEmpty())
      return Optional.empty();
    if (ways.size() == 1)
      return Optional.of(ways.getFirst());
    return Optional.of(String.join(", ", ways.subList(0, ways.size() - 1)) + " or " + ways.getLast());
  }
}
