package org.halocline.runtime.layout;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.halocline.runtime.config.Bytes;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.Problem;

/**
 * Chooses the layout of a job: chains first, because they need not talk to each other (as many domains as there are
 * chains, or lanes if the lanes are fewer), then x and y from the lanes that are left, as square as can be. A layout
 * that the job refuses or that lacks memory is passed over for one with fewer ranks, then for one with fewer domains.
 * Where the job knows how quick it is, lanes stay idle that would not make it quicker. A request is kept to or refused,
 * never bent. The same demand and offers always give the same plan. Stateless.
 */
public final class Planner {
  private static final int REASONS_SHOWN = 4;
  /** So much quicker must more lanes make a job: others may wait for them. */
  private static final double WORTH = 1.05;
  /**
   * Up to so many ranks every number is weighed; beyond it only numbers that cut well, since weighing takes a while.
   */
  private static final int ALL_WEIGHED = 16;

  private Planner() {}

  public static Checked<PlannedLayout> plan(LayoutDemand demand, List<LaneOffer> offers) {
    return first(demand, offers).map(first -> quickest(demand, LanePool.of(demand.laneKinds(), offers), first));
  }

  /** On as many lanes as can be, whether that is quick or not. */
  static Checked<PlannedLayout> first(LayoutDemand demand, List<LaneOffer> offers) {
    LayoutRequest request = demand.layoutRequest();
    LanePool lanes = LanePool.of(demand.laneKinds(), offers);
    for (String kind : demand.laneKinds())
      if (!lanes.has(kind))
        return Checked.invalid(Problem.of("layout",
            "needs a lane of kind " + kind + ", and " + offers.size() + " lanes of other kinds are free",
            "start a node that offers one"));
    List<Layout> candidates = candidates(demand, lanes.lanes());
    if (candidates.isEmpty())
      return Checked.invalid(outOfReach(demand, lanes.lanes()));
    List<Problem> reasons = new ArrayList<>();
    for (Layout layout : candidates)
      switch (demand.cost(layout)) {
        case LayoutCost.Refused(List<Problem> problems) -> reasons.addAll(problems);
        case LayoutCost.Bytes cost -> {
          Optional<PlannedLayout> placed = placed(demand, layout, cost, lanes, reasons);
          if (placed.isPresent())
            return Checked.valid(placed.get());
          reasons.add(lacksMemory(demand.chains(), layout, cost, lanes));
        }
      }
    return Checked.invalid(shorten(reasons.stream().distinct().toList(), request, lanes.lanes()));
  }

  /** The layout with its ranks on lanes; empty where the lanes do not hold them. */
  private static Optional<PlannedLayout> placed(LayoutDemand demand, Layout layout, LayoutCost.Bytes cost,
      LanePool lanes, List<Problem> passedOver) {
    return Placement.of(lanes, needs(layout, demand.chains(), cost))
        .map(placement -> new PlannedLayout(layout, demand.chains(), placement.lanes(), placement.idle(), cost,
            explain(demand, layout, cost, lanes.lanes()), passedOver));
  }

  /** Of as many domains, the one on fewest lanes that is about as quick as the quickest. */
  private static PlannedLayout quickest(LayoutDemand demand, LanePool lanes, PlannedLayout first) {
    OptionalDouble known = first.layout().ranks() == 1 ? OptionalDouble.empty() : seconds(demand, first);
    if (known.isEmpty())
      return first;
    Map<PlannedLayout, Double> weighed = new LinkedHashMap<>(Map.of(first, known.getAsDouble()));
    for (Layout layout : weighable(demand, first.layout(), lanes.lanes()))
      if (demand.cost(layout) instanceof LayoutCost.Bytes cost)
        placed(demand, layout, cost, lanes, first.passedOver())
            .ifPresent(planned -> seconds(demand, planned).ifPresent(seconds -> weighed.put(planned, seconds)));
    double least = Collections.min(weighed.values());
    Map.Entry<PlannedLayout, Double> chosen = weighed.entrySet().stream()
        .filter(entry -> entry.getValue() <= WORTH * least)
        .min(Comparator.comparingInt(entry -> entry.getKey().layout().ranks())).orElseThrow();
    return chosen.getKey() == first
        ? first
        : chosen.getKey().because(idle(lanes.lanes() - chosen.getKey().layout().lanes(), first.layout(),
            known.getAsDouble() / chosen.getValue()));
  }

  private static OptionalDouble seconds(LayoutDemand demand, PlannedLayout planned) {
    return demand.seconds(planned.layout(), planned.sharing());
  }

  /** The squarest cuts into fewer ranks. */
  private static List<Layout> weighable(LayoutDemand demand, Layout first, int lanes) {
    Map<Integer, Layout> byRanks = new TreeMap<>();
    for (Layout layout : candidates(demand, lanes))
      if (layout.domains() == first.domains() && layout.ranks() < first.ranks() && isWeighed(layout.ranks()))
        byRanks.putIfAbsent(layout.ranks(), layout);
    return List.copyOf(byRanks.values());
  }

  private static boolean isWeighed(int ranks) {
    int odd = ranks >> Integer.numberOfTrailingZeros(ranks);
    return ranks <= ALL_WEIGHED || odd == 1 || odd == 3;
  }

  private static String idle(int lanes, Layout other, double slower) {
    return "; " + (lanes == 1 ? "1 lane stays" : lanes + " lanes stay") + " idle, for " + other.x() + "×" + other.y()
        + (slower >= WORTH
            ? String.format(Locale.ROOT, " would take %.1f times as long", slower)
            : " would hardly be quicker");
  }

  /** The layout that takes the least memory among the layouts that the job accepts; empty where there is none. */
  public static Optional<PlannedLayout> leanest(LayoutDemand demand, List<LaneOffer> offers) {
    LanePool lanes = LanePool.of(demand.laneKinds(), offers);
    return candidates(demand, lanes.lanes()).stream()
        .flatMap(layout -> demand.cost(layout) instanceof LayoutCost.Bytes cost
            ? placed(demand, layout, cost, lanes, List.of()).stream()
            : Stream.empty())
        .min(Comparator.comparingLong(planned -> planned.bytes() + planned.deviceBytes()));
  }

  /** Of each rank, domain by domain. */
  private static Placement.Need[] needs(Layout layout, int chains, LayoutCost.Bytes chain) {
    Placement.Need[] needs = new Placement.Need[layout.lanes()];
    for (int i = 0; i < needs.length; i++) {
      long here = layout.chainsOf(i / layout.ranks(), chains);
      RankMemory rank = chain.ranks().get(i % layout.ranks());
      needs[i] = new Placement.Need(here * rank.nodeBytes(), here * rank.deviceBytes());
    }
    return needs;
  }

  /** In the order of preference. */
  private static List<Layout> candidates(LayoutDemand demand, int lanes) {
    LayoutRequest request = demand.layoutRequest();
    int mostDomains = Math.min(demand.chains(), lanes);
    List<Layout> candidates = new ArrayList<>();
    for (int domains = mostDomains; domains >= 1; domains--)
      for (int ranks = lanes / domains; ranks >= 1; ranks--)
        for (Layout layout : cuts(domains, ranks))
          if (request.allows(layout))
            candidates.add(layout);
    return candidates;
  }

  private static List<Layout> cuts(int domains, int ranks) {
    return IntStream.rangeClosed(1, ranks).filter(x -> ranks % x == 0).mapToObj(x -> new Layout(domains, x, ranks / x))
        .sorted(Comparator.comparingInt((Layout cut) -> Math.max(cut.x(), cut.y()))
            .thenComparing(Comparator.comparingInt(Layout::x).reversed()))
        .toList();
  }

  private static Problem outOfReach(LayoutDemand demand, int lanes) {
    LayoutRequest request = demand.layoutRequest();
    int domains = request.domains().orElse(1);
    if (domains > demand.chains())
      return new Problem("layout.domains", Integer.toString(domains),
          "must be at most the number of chains, " + demand.chains(), "lower it, or run more chains");
    long wanted = (long) domains * request.x().orElse(1) * request.y().orElse(1);
    return Problem.of("layout",
        request + " needs " + wanted + " lanes of kind " + kinds(demand) + ", and " + lanes
            + (lanes == 1 ? " is" : " are") + " free",
        "ask for fewer parts, or offer more lanes");
  }

  private static Problem lacksMemory(int chains, Layout layout, LayoutCost.Bytes chain, LanePool lanes) {
    Placement.Need[] needs = needs(layout, chains, chain);
    int most = layout.chainsPerDomain(chains);
    String on = " on its " + layout.lanes() + (layout.lanes() == 1 ? " lane" : " lanes");
    long deviceBytes = Arrays.stream(needs).mapToLong(Placement.Need::deviceBytes).sum();
    // One device that cannot hold the fullest rank, or all that cannot hold all, is what a user must hear of first.
    if (chain.largestDeviceBytes() * most > lanes.largestDeviceBytes() || deviceBytes > lanes.deviceBytes())
      return Problem.of("layout",
          layout + " needs " + Bytes.text(deviceBytes) + " of device memory" + on + ", "
              + Bytes.text(most * chain.largestDeviceBytes()) + " on the fullest, and "
              + (lanes.devices() == 1
                  ? "the device has " + Bytes.text(lanes.deviceBytes())
                  : lanes.devices() + " devices have " + Bytes.text(lanes.deviceBytes()) + " together, the largest "
                      + Bytes.text(lanes.largestDeviceBytes())),
          "use more GPUs or larger ones, or choose a smaller mesh or fewer chains");
    long needed = Arrays.stream(needs).mapToLong(Placement.Need::nodeBytes).sum();
    return Problem.of("layout",
        layout + " needs " + Bytes.text(needed) + on + ", " + Bytes.text(most * chain.largestRankBytes())
            + " on the fullest, and "
            + (lanes.nodes().size() == 1
                ? "there are " + Bytes.text(lanes.bytes())
                : lanes.nodes().size() + " nodes have " + Bytes.text(lanes.bytes()) + " together"),
        "give the node more memory, use more nodes, or choose a smaller mesh or fewer chains");
  }

  private static List<Problem> shorten(List<Problem> reasons, LayoutRequest request, int lanes) {
    if (reasons.size() <= REASONS_SHOWN)
      return reasons;
    List<Problem> shown = new ArrayList<>(reasons.subList(0, REASONS_SHOWN - 1));
    shown.add(Problem.of("layout",
        (reasons.size() - shown.size()) + " more reasons; no layout of up to " + lanes + " lanes fits"
            + (request.isEmpty() ? "" : " the request " + request),
        "see the first ones"));
    return shown;
  }

  private static String explain(LayoutDemand demand, Layout layout, LayoutCost.Bytes cost, int lanes) {
    String why = demand.layoutRequest().isEmpty() ? "" : ", as asked";
    return demand.chains() + (demand.chains() == 1 ? " chain" : " chains") + " in " + layout + " on " + layout.lanes()
        + " of " + lanes + " lanes (" + kinds(demand) + ")" + why + "; "
        + (cost.deviceBytes() > 0 ? Bytes.text(demand.chains() * cost.deviceBytes()) + " of device memory, " : "")
        + Bytes.text(demand.chains() * cost.heapBytes()) + " of heap and "
        + Bytes.text(demand.chains() * cost.nativeBytes())
        + " beside it";
  }

  private static String kinds(LayoutDemand demand) {
    return String.join(" and ", demand.laneKinds());
  }
}
