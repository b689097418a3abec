package org.halocline.runtime.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.halocline.runtime.cluster.JobOrder;
import org.halocline.runtime.job.JobFile;
import org.halocline.runtime.job.JobKinds;
import org.halocline.runtime.job.JobKinds.CheckedJob;
import org.halocline.runtime.lane.LaneTraits;
import org.halocline.runtime.layout.LaneOffer;
import org.halocline.runtime.state.StoredJob;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SchedulerTest {
  private static final JobKinds KINDS = new JobKinds(List.of(new CountKind()));
  private static final long LATER = Duration.ofMinutes(11).toMillis();

  private static List<LaneOffer> lanes(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new LaneOffer("node", i, LaneTraits.core("core-" + i, "plain", 64L << 20))).toList();
  }

  /** Waits since time 0. */
  private static JobEntry job(int domains, long submitted) {
    JobFile file = JobFile.parse("job.conf", Path.of("/tmp"),
        "kind = count, chains = " + domains + ", layout.domains = " + domains + ", salt = " + submitted).orThrow();
    CheckedJob checked = KINDS.check(file).orThrow();
    JobOrder order = JobOrder.of(checked.spec().orThrow(), file);
    JobEntry entry = new JobEntry(
        new StoredJob(new StoredJob.Order(order, "/tmp/run", submitted), StoredJob.State.fresh()), 0);
    entry.plan = Optional.of(checked.plan());
    return entry;
  }

  private static Optional<JobEntry> chosen(List<JobEntry> ready, int free, int all, long now) {
    return Scheduler.next(ready, lanes(free), lanes(all), Optional.empty(), now).map(Scheduler.Choice::job);
  }

  @Test
  void shouldLetASmallJobPassALargeOneButNotForEver() {
    JobEntry large = job(4, 1);
    JobEntry small = job(1, 2);
    assertEquals(Optional.of(small), chosen(List.of(large, small), 2, 4, 1000));
    assertEquals(Optional.empty(), chosen(List.of(large, small), 2, 4, LATER));
    assertTrue(small.why.contains(large.id()), small.why);
    assertTrue(large.why.contains("waits for lanes"), large.why);
  }

  @Test
  void shouldNotHoldAnybodyUpForAJobThatFitsNowhere() {
    JobEntry impossible = job(64, 1);
    JobEntry small = job(1, 2);
    assertEquals(Optional.of(small), chosen(List.of(impossible, small), 2, 4, LATER));
    assertTrue(impossible.why.contains("lanes"), impossible.why);
  }

  @Test
  void shouldNameTheJobThatIsWaitedFor() {
    JobEntry impossible = job(64, 1);
    JobEntry large = job(4, 2);
    JobEntry small = job(1, 3);
    assertEquals(Optional.empty(), chosen(List.of(impossible, large, small), 2, 4, LATER));
    assertTrue(small.why.contains(large.id()), small.why);
  }

  @Test
  void shouldGiveARunOnlyLanesOfTheArithmeticThatItBeganWith() {
    JobEntry begun = job(1, 1);
    begun.arithmetic = Optional.of("fancy");
    assertEquals(Optional.empty(), chosen(List.of(begun), 3, 3, 1000));
    assertTrue(begun.why.contains("began under fancy"), begun.why);
    begun.arithmetic = Optional.of("plain");
    assertEquals(Optional.of(begun), chosen(List.of(begun), 3, 3, 1000));
  }
}
