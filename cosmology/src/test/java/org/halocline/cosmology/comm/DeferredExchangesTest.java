package org.halocline.cosmology.comm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.halocline.cosmology.comm.Port.Exchange;
import org.halocline.cosmology.comm.Port.Phase;
import org.halocline.cosmology.kernel.Staged;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Exchanges that begin late, in order. */
@Timeout(300)
class DeferredExchangesTest {
  private final List<String> events = new ArrayList<>();

  private final Port port = new Port() {
    @Override
    public int rank() {
      return 0;
    }

    @Override
    public int ranks() {
      return 2;
    }

    @Override
    public Exchange begin(Phase phase, List<Parcel> sends, List<Parcel> receives) {
      events.add("begin " + phase);
      return () -> events.add("finish " + phase);
    }

    @Override
    public void yieldPoint() {
      events.add("yieldPoint");
    }
  };

  private final DeferredExchanges deferred = new DeferredExchanges(port);

  /** A copy that no caller has waited for. */
  private Staged copy(String name) {
    return new Staged() {
      @Override
      public boolean isDone() {
        return false;
      }

      @Override
      public void await() {
        events.add("await " + name);
      }
    };
  }

  private Exchange begin(Phase phase, Staged... copies) {
    return deferred.begin(List.of(copies), phase, List.of(), List.of());
  }

  @Test
  void shouldBeginAtOnceWhatIsPacked() {
    begin(Phase.PENCIL, Staged.DONE).finish();
    assertEquals(List.of("begin PENCIL", "finish PENCIL"), events);
  }

  @Test
  void shouldBeginWhenACallerWaits() {
    Exchange exchange = begin(Phase.PENCIL, copy("a"), copy("b"));
    assertEquals(List.of(), events);
    exchange.finish();
    assertEquals(List.of("await a", "await b", "begin PENCIL", "finish PENCIL"), events);
  }

  @Test
  void shouldBeginInTheOrderInWhichTheyAreHandedOver() {
    Exchange fill = begin(Phase.HALO_FILL, copy("fill"));
    Exchange pencil = begin(Phase.PENCIL, copy("pencil"));
    assertEquals(List.of("await fill", "begin HALO_FILL"), events);
    Exchange sum = deferred.begin(Phase.SUM, List.of(), List.of());
    assertEquals(List.of("await fill", "begin HALO_FILL", "await pencil", "begin PENCIL", "begin SUM"), events);
    events.clear();
    sum.finish();
    fill.finish();
    pencil.finish();
    assertEquals(List.of("finish SUM", "finish HALO_FILL", "finish PENCIL"), events);
  }

  @Test
  void shouldHoldNoChainUpWhileTheLaneIsAnothers() {
    begin(Phase.HALO_ADD, copy("ghosts"));
    deferred.yieldPoint();
    assertEquals(List.of("await ghosts", "begin HALO_ADD", "yieldPoint"), events);
  }
}
