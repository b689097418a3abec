package org.halocline.runtime.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.Behavior;
import org.halocline.runtime.cluster.JobOrder;
import org.halocline.runtime.cluster.JobTerms;
import org.halocline.runtime.job.JobCommand;
import org.halocline.runtime.job.JobContext;
import org.halocline.runtime.job.JobPlan;
import org.halocline.runtime.job.JobSpec;
import org.halocline.runtime.lane.LaneTraits;
import org.halocline.runtime.layout.LaneOffer;
import org.halocline.runtime.layout.Layout;
import org.halocline.runtime.layout.LayoutCost;
import org.halocline.runtime.layout.LayoutRequest;
import org.halocline.runtime.store.StoredJob;
import org.halocline.runtime.support.ToyLayouts;
import org.halocline.runtime.support.ToyTerms;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class SchedulerTest {
  private static final long LONG_AGO = 0;
  private static final long NOW = 3_600_000;

  /** Runs on lanes of some kinds, in exactly one layout where it asks for one. */
  private record Wish(int chains, List<String> laneKinds, LayoutRequest layoutRequest) implements JobPlan {
    @Override
    public Config resolved() {
      return ConfigFactory.empty();
    }

    @Override
    public List<Path> inputs() {
      return List.of();
    }

    @Override
    public LayoutCost cost(Layout layout) {
      return ToyLayouts.cost(layout, 1 << 20, 0);
    }

    @Override
    public Behavior<JobCommand> start(JobContext context) {
      throw new UnsupportedOperationException();
    }
  }

  private static JobEntry job(String text, JobPlan plan, long submitted) {
    return job(text, plan, JobTerms.usual(), submitted);
  }

  private static JobEntry job(String text, JobPlan plan, JobTerms terms, long submitted) {
    JobSpec spec = JobSpec.of("toy", text, Map.of());
    JobEntry job = new JobEntry(new StoredJob(
        new StoredJob.Order(new JobOrder(spec, "job.conf", text, "", false, terms), "/runs/a", submitted),
        StoredJob.State.fresh()), submitted);
    job.plan = Optional.of(plan);
    return job;
  }

  private static JobPlan wants(String kind, int chains, int domains) {
    return new Wish(chains, List.of(kind), ToyLayouts.request(new Layout(domains, 1, 1)));
  }

  private static List<LaneOffer> lanes(String kind, int from, int count) {
    return IntStream.range(from, from + count).mapToObj(lane -> ToyLayouts.lane("a", lane, kind, 64 << 20)).toList();
  }

  private static Optional<JobEntry> chosen(List<JobEntry> ready, List<LaneOffer> free, List<LaneOffer> all) {
    return Scheduler.next(ready, free, all, Optional.empty(), NOW).map(Scheduler.Choice::job);
  }

  @Test
  void shouldNotHoldTheQueueForWhatCouldNeverRun() {
    JobEntry onDevice = job("device", wants(LaneTraits.CUDA, 1, 1), LONG_AGO);
    JobEntry tooLarge = job("large", wants(LaneTraits.CORE, 64, 64), LONG_AGO + 1);
    JobEntry small = job("small", wants(LaneTraits.CORE, 1, 1), NOW);
    List<LaneOffer> cores = lanes(LaneTraits.CORE, 0, 2);
    assertEquals(Optional.of(small), chosen(List.of(small, tooLarge, onDevice), cores, cores));
  }

  @Test
  void shouldHoldLanesForWhatHasWaitedLongAndNameIt() {
    JobEntry first = job("device", wants(LaneTraits.CUDA, 1, 1), LONG_AGO);
    JobEntry wide = job("wide", wants(LaneTraits.CORE, 2, 2), LONG_AGO + 1);
    JobEntry small = job("small", wants(LaneTraits.CORE, 1, 1), NOW);
    List<LaneOffer> all = lanes(LaneTraits.CORE, 0, 2);
    assertEquals(Optional.empty(), chosen(List.of(first, wide, small), all.subList(0, 1), all));
    assertTrue(small.why.contains("behind " + wide.id()), small.why);
  }

  @Test
  void shouldHoldOnlyLanesOfTheKindThatIsWaitedFor() {
    JobEntry waiting = job("device", wants(LaneTraits.CUDA, 1, 1), LONG_AGO);
    JobEntry small = job("small", wants(LaneTraits.CORE, 1, 1), NOW);
    List<LaneOffer> free = lanes(LaneTraits.CORE, 0, 1);
    List<LaneOffer> all = new ArrayList<>(free);
    all.add(new LaneOffer("a", 1, LaneTraits.cuda("cuda-0", "", "gpu-0", 1L << 30)));
    assertEquals(Optional.of(small), chosen(List.of(waiting, small), free, all));
  }

  @Test
  void shouldLetOthersPassWhatHasNotWaitedLong() {
    JobEntry wide = job("wide", wants(LaneTraits.CORE, 2, 2), NOW - 1000);
    JobEntry small = job("small", wants(LaneTraits.CORE, 1, 1), NOW);
    List<LaneOffer> all = lanes(LaneTraits.CORE, 0, 2);
    assertEquals(Optional.of(small), chosen(List.of(wide, small), all.subList(0, 1), all));
  }

  private static List<LaneOffer> computing(String arithmetic, int from, int count) {
    return IntStream.range(from, from + count)
        .mapToObj(lane -> new LaneOffer("a", lane, LaneTraits.core("core-" + lane, arithmetic, 64 << 20, 0))).toList();
  }

  @Test
  void shouldGoOnUnderTheArithmeticTheRunBeganWithOrWait() {
    JobEntry job = job("any", new Wish(2, List.of(LaneTraits.CORE), LayoutRequest.none()), NOW);
    job.arithmetic = Optional.of("core/a");
    List<LaneOffer> free = new ArrayList<>(computing("core/b", 0, 4));
    assertEquals(Optional.empty(), chosen(List.of(job), free, free));
    assertTrue(job.why.contains("core/a"), job.why);
    free.addAll(computing("core/a", 4, 1));
    Scheduler.Choice choice = Scheduler.next(List.of(job), free, free, Optional.empty(), NOW).orElseThrow();
    assertEquals("core/a", choice.planned().arithmetic());
    assertEquals(List.of(4), choice.planned().lanes().stream().map(LaneOffer::lane).toList());
  }

  @Test
  void shouldMixArithmeticsOnlyAsTheRunBegan() {
    JobEntry job = job("mixed", new Wish(2, List.of(LaneTraits.CORE, LaneTraits.CUDA), LayoutRequest.none()), NOW);
    job.arithmetic = Optional.of("core/a + cuda/a");
    List<LaneOffer> free = new ArrayList<>(computing("core/a", 0, 1));
    LaneOffer other = new LaneOffer("a", 1, LaneTraits.cuda("cuda-0", "cuda/b", "gpu-0", 1L << 30));
    free.add(other);
    assertEquals(Optional.empty(), chosen(List.of(job), free, free));
    free.remove(other);
    free.add(new LaneOffer("a", 1, LaneTraits.cuda("cuda-0", "cuda/a", "gpu-0", 1L << 30)));
    assertEquals(Optional.of(job), chosen(List.of(job), free, free));
  }

  private static String why(JobEntry job, List<LaneOffer> free, List<LaneOffer> all, Optional<String> unused) {
    assertEquals(Optional.empty(), Scheduler.next(List.of(job), free, all, unused, NOW));
    return job.why;
  }

  @Test
  void shouldNameTheCauseForWhichAJobWaits() {
    List<LaneOffer> cores = lanes(LaneTraits.CORE, 0, 4);
    JobPlan two = wants(LaneTraits.CORE, 2, 2);
    String busy = why(job("busy", two, NOW), List.of(), cores, Optional.empty());
    assertEquals("waits for busy lanes: 0 of 4 lanes of kind core are free", busy);
    String some = why(job("some", two, NOW), cores.subList(0, 1), cores, Optional.empty());
    assertTrue(some.startsWith("waits for busy lanes: 1 of 4 lanes of kind core is free; ")
        && some.contains("needs 2 lanes of kind core"), some);
    String none = why(job("none", wants(LaneTraits.CUDA, 1, 1), NOW), cores, cores, Optional.empty());
    assertEquals("waits for a node that offers a lane of kind cuda: none does, of 4 lanes that can be used", none);
    String few = why(job("few", wants(LaneTraits.CORE, 8, 8), NOW), cores, cores, Optional.empty());
    assertTrue(few.startsWith("waits for more than there is: ") && few.contains("4 are there in all"), few);
    String nothing = why(job("nothing", two, NOW), List.of(), List.of(),
        Optional.of("1 lane (core) of node b:1 is not used: it does not see the state directory"));
    assertTrue(nothing.contains("of 0 lanes") && nothing.endsWith("it does not see the state directory"), nothing);
    List<LaneOffer> small = List.of(ToyLayouts.lane("a", 0, LaneTraits.CORE, 1 << 10));
    String memory = why(job("memory", wants(LaneTraits.CORE, 1, 1), NOW), small, small, Optional.empty());
    assertTrue(memory.startsWith("waits for more than there is: ") && memory.contains("MiB"), memory);
  }

  @Test
  void shouldNameItsOwnLimitAsTheCause() {
    JobEntry limited = job("limited", wants(LaneTraits.CORE, 2, 2), ToyTerms.mostLanes(1), NOW);
    List<LaneOffer> cores = lanes(LaneTraits.CORE, 0, 4);
    String why = why(limited, cores, cores, Optional.empty());
    assertTrue(why.contains("limit of 1") && why.contains("needs 2 lanes"), why);
  }
}
