package org.halocline.runtime.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.typed.ActorRef;
import org.halocline.runtime.cluster.CoordinatorMessage;
import org.halocline.runtime.cluster.JobState;
import org.halocline.runtime.cluster.JobStatus;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.support.ToyTerms;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Jobs go on through what is no fault of theirs. */
@Timeout(300)
class SteadyJobsTest extends OnCoordinatorRig {
  @Test
  void shouldWaitForAFullDiskHoweverFewRestartsAJobMayHave() throws Exception {
    ActorRef<CoordinatorMessage> coordinator = rig.coordinator("a");
    rig.agent(1);
    String id = rig.submit(coordinator,
        CoordinatorRig.order("kind = toy, act = die").on(ToyTerms.mostRestarts(0)));
    JobEvent.Interrupted last = assertInstanceOf(JobEvent.Interrupted.class, rig.until(coordinator, id,
        event -> event.isLast() || event instanceof JobEvent.Interrupted).getLast());
    assertTrue(last.why().contains("no space is left"), last.why());
    JobStatus job = rig.status(coordinator, id);
    assertEquals(JobState.QUEUED, job.state());
    assertTrue(job.why().contains("waits for space"), job.why());
  }

  @Test
  void shouldNotTakeAStepOfTheClockForRunningTime() throws Exception {
    AtomicReference<Clock> now = new AtomicReference<>(Clock.systemUTC());
    Clock clock = new Clock() {
      @Override
      public java.time.ZoneId getZone() {
        return now.get().getZone();
      }

      @Override
      public Clock withZone(java.time.ZoneId zone) {
        return now.get().withZone(zone);
      }

      @Override
      public java.time.Instant instant() {
        return now.get().instant();
      }
    };
    ActorRef<CoordinatorMessage> coordinator = rig.coordinator("a", clock);
    rig.agent(1);
    String id = rig.submit(coordinator, CoordinatorRig.order("kind = count, to = 80, millis = 25")
        .on(ToyTerms.mostSeconds(3600)));
    rig.until(coordinator, id, JobEvent.Accepted.class::isInstance);
    now.set(Clock.offset(Clock.systemUTC(), Duration.ofHours(2)));
    assertInstanceOf(JobEvent.Finished.class, rig.end(coordinator, id));
  }

  @Test
  void shouldRefuseMoreSecondsThanCanBeCounted() {
    assertFalse(ToyTerms.mostSeconds(Long.MAX_VALUE / 1000 + 1).validate().isEmpty());
    assertTrue(ToyTerms.mostSeconds(300_000_000).validate().isEmpty());
  }
}
