package org.halocline.runtime.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.lane.LaneTraits;
import org.halocline.runtime.support.ToyLayouts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Layouts on lanes that have memory of their own. */
@Timeout(300)
class DevicePlanTest {
  private static final long MIB = 1 << 20;
  private static final List<String> CUDA = List.of(LaneTraits.CUDA);

  private record Demand(List<String> laneKinds, int chains, LayoutRequest layoutRequest, long deviceMib,
      long nodeMib) implements LayoutDemand {
    @Override
    public LayoutCost cost(Layout layout) {
      List<RankMemory> ranks = new ArrayList<>();
      for (int rank = 0; rank < layout.ranks(); rank++)
        ranks.add(new RankMemory(List.of(MemoryPart.onDevice("fields", deviceMib * MIB / layout.ranks()),
            MemoryPart.heap("buffers", nodeMib * MIB))));
      return new LayoutCost.Bytes(ranks);
    }
  }

  private static LaneOffer core(String node, int lane, long mib) {
    return new LaneOffer(node, lane, LaneTraits.core("core-" + lane, "core/test", mib * MIB, 0));
  }

  private static LaneOffer cuda(String node, int lane, String device, long mib) {
    return new LaneOffer(node, lane, LaneTraits.cuda(device, "cuda/test", device, mib * MIB));
  }

  private static LayoutRequest cut(int x, int y) {
    return ToyLayouts.request(new Layout(1, x, y));
  }

  @Test
  void shouldTakeTheNodesMemoryFromCoresThatThenStandIdle() {
    List<LaneOffer> offers = List.of(core("a", 0, 60), core("a", 1, 60), core("a", 2, 60), cuda("a", 3, "cuda-0", 900));
    PlannedLayout planned = Planner.plan(new Demand(CUDA, 1, LayoutRequest.none(), 800, 100), offers).orThrow();
    assertEquals(List.of(3), planned.lanes().stream().map(LaneOffer::lane).toList());
    assertEquals(List.of(0, 1), planned.idle().stream().map(LaneOffer::lane).toList());
    assertEquals(800 * MIB, planned.deviceBytes());
    assertEquals(100 * MIB, planned.bytes());
    assertEquals("cuda/test", planned.arithmetic());
    assertTrue(planned.explanation().contains("800.0 MiB of device memory"), planned.explanation());
  }

  @Test
  void shouldLetLanesOfOneDeviceShareItsMemory() {
    List<LaneOffer> offers = List.of(core("a", 0, 500), cuda("a", 1, "cuda-0", 100), cuda("a", 2, "cuda-0", 100),
        cuda("a", 3, "cuda-1", 100), cuda("a", 4, "cuda-1", 100));
    PlannedLayout one = Planner.plan(new Demand(CUDA, 1, cut(1, 1), 150, 1), offers).orThrow();
    assertEquals(List.of(1), one.lanes().stream().map(LaneOffer::lane).toList());
    assertEquals(List.of(0, 2), one.idle().stream().map(LaneOffer::lane).sorted().toList());
    PlannedLayout two = Planner.plan(new Demand(CUDA, 1, cut(2, 1), 300, 1), offers).orThrow();
    assertEquals(List.of(1, 3), two.lanes().stream().map(LaneOffer::lane).toList());
    assertEquals(List.of(0, 2, 4), two.idle().stream().map(LaneOffer::lane).sorted().toList());
  }

  @Test
  void shouldRefuseWhatNoDeviceHoldsInNumbers() {
    List<LaneOffer> offers = List.of(core("a", 0, 500), cuda("a", 1, "cuda-0", 100), cuda("a", 2, "cuda-1", 100));
    String text = Problem.lines(Planner.plan(new Demand(CUDA, 1, cut(1, 1), 150, 1), offers).problems());
    assertTrue(text.contains("150.0 MiB of device memory") && text.contains("2 devices have 200.0 MiB together")
        && text.contains("the largest 100.0 MiB"), text);
    String host = Problem.lines(Planner.plan(new Demand(CUDA, 1, cut(1, 1), 90, 501), offers).problems());
    assertTrue(host.contains("501.0 MiB") && host.contains("there are 500.0 MiB"), host);
  }

  @Test
  void shouldNeverMixKindsOrArithmeticsUnlessAsked() {
    List<LaneOffer> offers = List.of(core("a", 0, 500), core("a", 1, 500), cuda("a", 2, "cuda-0", 500),
        new LaneOffer("b", 0, LaneTraits.core("core-0", "core/other", 500 * MIB, 0)));
    PlannedLayout cores = Planner.plan(new Demand(List.of(LaneTraits.CORE), 1, LayoutRequest.none(), 0, 1), offers)
        .orThrow();
    assertEquals("core/test", cores.arithmetic());
    assertEquals(2, cores.lanes().size());
    List<String> both = List.of(LaneTraits.CUDA, LaneTraits.CORE);
    PlannedLayout mixed = Planner.plan(new Demand(both, 1, cut(2, 1), 10, 1), offers.subList(0, 3)).orThrow();
    assertEquals(List.of(2, 0), mixed.lanes().stream().map(LaneOffer::lane).toList());
    assertEquals("core/test + cuda/test", mixed.arithmetic());
    Checked<PlannedLayout> alone = Planner.plan(new Demand(both, 1, cut(2, 1), 10, 1), offers.subList(0, 2));
    assertFalse(alone.isValid());
    assertTrue(Problem.lines(alone.problems()).contains("kind cuda"), alone.problems().toString());
  }
}
