package org.halocline.runtime.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.lane.LaneTraits;
import org.halocline.runtime.support.ToyLayouts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(300)
class PlannerTest {
  private static final long MIB = 1 << 20;

  private record Demand(int chains, LayoutRequest layoutRequest,
      Function<Layout, LayoutCost> costs) implements LayoutDemand {
    @Override
    public LayoutCost cost(Layout layout) {
      return costs.apply(layout);
    }
  }

  private static LayoutCost cheap(Layout layout) {
    return ToyLayouts.cost(layout, 10 * MIB, MIB);
  }

  private static List<LaneOffer> lanes(int count, long mib) {
    return IntStream.range(0, count).mapToObj(i -> ToyLayouts.lane("node", i, "core", mib * MIB)).toList();
  }

  private static LayoutRequest request(int domains, int x, int y) {
    return new LayoutRequest(some(domains), some(x), some(y));
  }

  private static OptionalInt some(int value) {
    return value == 0 ? OptionalInt.empty() : OptionalInt.of(value);
  }

  @ParameterizedTest(name = "{0} chains on {1} lanes")
  @CsvSource({"1, 1, 1, 1, 1", "1, 2, 1, 2, 1", "1, 3, 1, 3, 1", "1, 4, 1, 2, 2", "1, 6, 1, 3, 2", "1, 12, 1, 4, 3",
      "4, 2, 2, 1, 1", "4, 4, 4, 1, 1", "4, 8, 4, 2, 1",
      "4, 16, 4, 2, 2", "2, 7, 2, 3, 1", "3, 2, 2, 1, 1", "5, 4, 4, 1, 1"})
  void shouldPutChainsFirstThenSquarestCut(int chains, int lanes, int domains, int x, int y) {
    PlannedLayout planned = Planner
        .plan(new Demand(chains, LayoutRequest.none(), PlannerTest::cheap), lanes(lanes, 100)).orThrow();
    assertEquals(new Layout(domains, x, y), planned.layout());
    assertEquals(domains * x * y, planned.lanes().size());
    assertEquals(planned.lanes().size(), planned.lanes().stream().distinct().count(), "a lane is used once");
    assertFalse(planned.explanation().contains("\n"));
  }

  @ParameterizedTest(name = "request {0} × {1} × {2}")
  @CsvSource({"0, 2, 1, 2, 2, 1", "0, 1, 2, 2, 1, 2", "1, 0, 0, 1, 2, 2", "0, 2, 2, 1, 2, 2", "2, 1, 1, 2, 1, 1",
      "0, 4, 0, 1, 4, 1"})
  void shouldKeepToRequest(int domains, int x, int y, int wantedDomains, int wantedX, int wantedY) {
    PlannedLayout planned = Planner.plan(new Demand(4, request(domains, x, y), PlannerTest::cheap), lanes(4, 100))
        .orThrow();
    assertEquals(new Layout(wantedDomains, wantedX, wantedY), planned.layout());
    assertTrue(planned.explanation().contains("as asked"), planned.explanation());
  }

  @Test
  void shouldPassOverRefusedCuts() {
    Function<Layout, LayoutCost> narrow = layout -> layout.x() > 2
        ? new LayoutCost.Refused(
            new Problem("layout.x", "" + layout.x(), "leaves blocks of 2 cells, and halos take 3", "cut x less"))
        : cheap(layout);
    PlannedLayout planned = Planner.plan(new Demand(1, LayoutRequest.none(), narrow), lanes(3, 100)).orThrow();
    assertEquals(new Layout(1, 1, 3), planned.layout());
  }

  @Test
  void shouldUseFewerDomainsWhereMemoryIsShort() {
    // Halos of a cut cost, but what every domain has once costs more.
    Function<Layout, LayoutCost> shared = layout -> ToyLayouts.cost(layout,
        layout.domains() * 40 * MIB / layout.ranks(), 0);
    PlannedLayout planned = Planner.plan(new Demand(4, LayoutRequest.none(), shared), lanes(4, 81)).orThrow();
    assertEquals(new Layout(2, 2, 1), planned.layout());
    assertEquals(4 * 80 * MIB, planned.bytes());
    assertFalse(planned.passedOver().isEmpty());
  }

  @Test
  void shouldSkipLanesThatAreTooSmallOrOfOtherKind() {
    List<LaneOffer> offers = new ArrayList<>(
        List.of(ToyLayouts.lane("a", 0, "cuda", 1000 * MIB), ToyLayouts.lane("a", 1, "core", 5 * MIB)));
    offers.addAll(lanes(2, 100));
    PlannedLayout planned = Planner.plan(new Demand(3, LayoutRequest.none(), PlannerTest::cheap), offers).orThrow();
    assertEquals(new Layout(2, 1, 1), planned.layout());
    assertTrue(planned.lanes().stream().allMatch(lane -> lane.node().equals("node")));
  }

  @Test
  void shouldRefuseInNumbers() {
    Demand large = new Demand(1, LayoutRequest.none(), layout -> ToyLayouts.cost(layout, 3000 * MIB, 100 * MIB));
    String text = Problem.lines(Planner.plan(large, lanes(2, 1024)).problems());
    assertTrue(text.contains("3100.0 MiB") && text.contains("2048.0 MiB"), text);
    String few = Problem
        .lines(Planner.plan(new Demand(4, request(0, 4, 2), PlannerTest::cheap), lanes(4, 100)).problems());
    assertTrue(few.contains("needs 8 lanes") && few.contains("4 are free"), few);
    String many = Problem
        .lines(Planner.plan(new Demand(2, request(3, 0, 0), PlannerTest::cheap), lanes(4, 100)).problems());
    assertTrue(many.contains("layout.domains = 3") && many.contains("number of chains, 2"), many);
    String none = Problem
        .lines(Planner.plan(new Demand(1, LayoutRequest.none(), PlannerTest::cheap), List.of()).problems());
    assertTrue(none.contains("kind core"), none);
  }

  @Test
  void shouldGiveReasonOfJobThatRefusesEverything() {
    Problem reason = new Problem("simulation.mesh", "[4,4,4]", "is smaller than its halos, 9 cells",
        "choose a larger mesh");
    assertEquals(List.of(reason), Planner
        .plan(new Demand(1, LayoutRequest.none(), _ -> new LayoutCost.Refused(reason)), lanes(4, 100)).problems());
  }

  @Test
  void shouldNotDependOnOrderOfOffers() {
    long seed = 7;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 200; i++) {
      int chains = 1 + random.nextInt(6);
      long need = 1 + random.nextInt(100);
      Demand demand = new Demand(chains, request(random.nextInt(3), random.nextInt(3), random.nextInt(3)),
          layout -> ToyLayouts.cost(layout, need * MIB / layout.ranks(), 0));
      List<LaneOffer> offers = new ArrayList<>();
      for (int lane = random.nextInt(9); lane >= 0; lane--)
        offers.add(ToyLayouts.lane("node-" + random.nextInt(2), lane, random.nextInt(5) == 0 ? "cuda" : "core",
            random.nextInt(100) * MIB));
      Checked<PlannedLayout> once = Planner.plan(demand, offers);
      Collections.shuffle(offers, random);
      assertEquals(once, Planner.plan(demand, offers));
      once.toOptional().ifPresent(planned -> {
        assertTrue(planned.layout().domains() <= chains);
        List<LaneOffer> taken = new ArrayList<>(planned.lanes());
        taken.addAll(planned.idle());
        assertEquals(taken.size(), taken.stream().distinct().count(), "a lane is taken once");
        for (String node : taken.stream().map(LaneOffer::node).distinct().toList())
          assertTrue(memory(taken, node) >= needed(planned, node), node + " of " + planned);
      });
    }
  }

  private static long memory(List<LaneOffer> lanes, String node) {
    return lanes.stream().filter(lane -> lane.node().equals(node)).mapToLong(LaneOffer::memoryBytes).sum();
  }

  private static long needed(PlannedLayout planned, String node) {
    Layout layout = planned.layout();
    return IntStream.range(0, layout.lanes()).filter(i -> planned.lanes().get(i).node().equals(node))
        .mapToLong(i -> layout.chainsOf(i / layout.ranks(), planned.chains())
            * planned.chain().ranks().get(i % layout.ranks()).nodeBytes())
        .sum();
  }

  @Test
  void shouldLetOneLaneUseTheMemoryOfAnotherThatStandsIdle() {
    Demand one = new Demand(1, request(0, 1, 1), layout -> ToyLayouts.cost(layout, 150 * MIB, 0));
    PlannedLayout planned = Planner.plan(one, lanes(3, 100)).orThrow();
    assertEquals(List.of(0), planned.lanes().stream().map(LaneOffer::lane).toList());
    assertEquals(List.of(1), planned.idle().stream().map(LaneOffer::lane).toList());
  }

  @Test
  void shouldCountTheChainsOfEachDomain() {
    PlannedLayout planned = Planner
        .plan(new Demand(3, LayoutRequest.none(), PlannerTest::cheap), lanes(2, 20)).orThrow();
    assertEquals(new Layout(2, 1, 1), planned.layout());
    assertEquals(3 * 11 * MIB, planned.bytes());
    assertEquals(2, planned.layout().chainsOf(0, 3));
    assertEquals(1, planned.layout().chainsOf(1, 3));
  }

  /**
   * A job that knows how quick it is.
   *
   * @param computing seconds on one lane
   * @param waiting seconds of a domain of two ranks or more on one node; a hundred times as much across nodes
   */
  private record Timed(int chains, LayoutRequest layoutRequest, double computing,
      double waiting) implements LayoutDemand {
    @Override
    public LayoutCost cost(Layout layout) {
      return cheap(layout);
    }

    @Override
    public OptionalDouble seconds(Layout layout, Sharing sharing) {
      double wait = layout.ranks() == 1 ? 0 : sharing.ranksANode() < layout.ranks() ? 100 * waiting : waiting;
      return OptionalDouble.of(sharing.lanesACore() * (computing / layout.ranks() + wait));
    }
  }

  @ParameterizedTest(name = "{0} chains on {1} lanes, computing {2} s, waiting {3} s")
  @CsvSource({"1, 3, 1, 2, 1, 1, 1", "1, 3, 10, 2, 1, 3, 1", "1, 2, 10, 4.8, 1, 1, 1", "1, 6, 10, 0, 1, 3, 2",
      "2, 8, 1, 2, 2, 1, 1", "2, 8, 10, 2, 2, 2, 2", "1, 64, 10, 0.001, 1, 8, 8"})
  void shouldLeaveLanesIdleThatWouldNotMakeAJobQuicker(int chains, int lanes, double computing, double waiting,
      int domains, int x, int y) {
    PlannedLayout planned = Planner
        .plan(new Timed(chains, LayoutRequest.none(), computing, waiting), lanes(lanes, 100)).orThrow();
    assertEquals(new Layout(domains, x, y), planned.layout());
    int idle = lanes - domains * x * y;
    assertEquals(idle > 0, planned.explanation().contains("idle"), planned.explanation());
    if (idle > 0)
      assertTrue(planned.explanation().contains((idle == 1 ? "1 lane stays" : idle + " lanes stay") + " idle, for "),
          planned.explanation());
  }

  @Test
  void shouldSayHowMuchSlowerTheIdleLanesWouldMakeIt() {
    String why = Planner.plan(new Timed(1, LayoutRequest.none(), 3, 6), lanes(3, 100)).orThrow().explanation();
    assertTrue(why.endsWith("; 2 lanes stay idle, for 3×1 would take 2.3 times as long"), why);
  }

  @Test
  void shouldKeepToARequestHoweverSlow() {
    PlannedLayout planned = Planner.plan(new Timed(1, request(0, 3, 1), 1, 100), lanes(4, 100)).orThrow();
    assertEquals(new Layout(1, 3, 1), planned.layout());
    assertTrue(planned.explanation().contains("as asked"), planned.explanation());
  }

  @Test
  void shouldReckonWithNodesAndCoresThatRanksShare() {
    Timed job = new Timed(1, LayoutRequest.none(), 10, 1);
    assertEquals(new Layout(1, 2, 1), Planner.plan(job, offers(List.of("h:1", "h:1"), 2)).orThrow().layout());
    assertEquals(new Layout(1, 1, 1), Planner.plan(job, offers(List.of("h:1", "h:2"), 2)).orThrow().layout());
    assertEquals(new Layout(1, 1, 1), Planner.plan(job, offers(List.of("h:1", "h:1", "h:1"), 1)).orThrow().layout());
    assertEquals(new Layout(1, 2, 1), Planner.plan(job, offers(List.of("h:1", "h:1", "h:1"), 2)).orThrow().layout());
    assertEquals(new Layout(1, 3, 1), Planner.plan(job, offers(List.of("h:1", "h:1", "h:1"), 0)).orThrow().layout());
    Sharing three = Planner.plan(new Timed(3, LayoutRequest.none(), 10, 1), offers(List.of("h:1", "h:2", "h:3"), 2))
        .orThrow().sharing();
    assertEquals(new Sharing(1, 1.5), three);
  }

  private static List<LaneOffer> offers(List<String> nodes, int hostCores) {
    return IntStream.range(0, nodes.size()).mapToObj(i -> new LaneOffer(nodes.get(i), i,
        LaneTraits.core("core-" + i, "core/test", 100 * MIB, hostCores))).toList();
  }

  private record Cube(int cells, int chains) implements LayoutDemand {
    @Override
    public LayoutCost cost(Layout layout) {
      return ToyLayouts.cost(layout, (long) cells * cells * cells * MIB / layout.ranks(), 0);
    }

    @Override
    public java.util.stream.Stream<Smaller> smaller() {
      return IntStream.range(1, cells).map(i -> cells - i)
          .mapToObj(small -> new Smaller(Integer.toString(small), new Cube(small, chains)));
    }
  }

  @Test
  void shouldFindWhatWouldFit() {
    WhatFits fits = WhatFits.of(new Cube(10, 3), lanes(2, 1100));
    assertEquals("a mesh of 9, 2 nodes like this one or 2 chains", fits.inWords().orElseThrow());
    assertTrue(Planner.plan(new Cube(9, 3), lanes(2, 1100)).isValid());
    assertFalse(Planner.plan(new Cube(10, 3), lanes(2, 1100)).isValid());
    assertEquals(java.util.Optional.empty(), WhatFits.of(new Cube(1, 1), lanes(1, 0)).inWords());
  }

  @Test
  void shouldFindTheLeastNumberOfNodes() {
    WhatFits fits = WhatFits.of(new Cube(10, 1), lanes(2, 90));
    assertEquals(6, fits.nodes().orElseThrow());
    assertEquals(OptionalInt.empty(), fits.chains());
  }
}
