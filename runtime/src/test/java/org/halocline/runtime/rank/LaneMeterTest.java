package org.halocline.runtime.rank;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.halocline.runtime.lane.FairLane;
import org.halocline.runtime.lane.Lane;
import org.halocline.runtime.lane.LaneTraits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class LaneMeterTest {
  private static final RankAssignment RANK = new RankAssignment("job", "kind", "{}", "/run", 1, 0, 1, 1, List.of(),
      0, Optional.empty());

  @Test
  void shouldTellComputingCopyingAndWaitingApart() {
    Lane lane = new FairLane(LaneTraits.core("core-0", "plain", 1 << 20, 0));
    LaneMeter meter = new LaneMeter(List.of(lane));
    lane.acquire();
    spin(6_000_000);
    lane.copied(2_000_000);
    lane.release();
    spin(3_000_000);
    LaneStatus first = meter.read(List.of(RANK)).getFirst();
    assertTrue(first.copying() > 0 && first.computing() > first.copying() && first.waiting() > 0, first::toString);
    assertEquals(1, first.computing() + first.copying() + first.waiting(), 1e-9);
    LaneStatus later = meter.read(List.of(RANK)).getFirst();
    assertEquals(0, later.copying(), "nothing was copied since");
    assertEquals(0, later.computing());
  }

  @Test
  void shouldNeverCopyForLongerThanTheLaneWasHeld() {
    Lane lane = new FairLane(LaneTraits.core("core-0", "plain", 1 << 20, 0));
    LaneMeter meter = new LaneMeter(List.of(lane));
    lane.copied(1L << 50);
    LaneStatus status = meter.read(List.of()).getFirst();
    assertEquals(0, status.copying());
    assertEquals(0, status.waiting(), "no rank waits on it");
  }

  private static void spin(long ns) {
    long until = System.nanoTime() + ns;
    while (System.nanoTime() < until)
      Thread.onSpinWait();
  }
}
