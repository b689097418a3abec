package org.halocline.runtime.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.halocline.runtime.cluster.CoordinatorMessage;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.log.JobMdc;
import org.halocline.runtime.log.RunLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Several jobs in one process, each with its own log. */
@Timeout(60)
class RunLogTest {
  private static final Logger LOG = LoggerFactory.getLogger(RunLogTest.class);

  @TempDir
  Path directory;

  @Test
  void shouldHoldTheLinesOfItsJobOnly() throws Exception {
    try (CoordinatorRig rig = new CoordinatorRig(directory.resolve("state"))) {
      rig.agent(2);
      ActorRef<CoordinatorMessage> coordinator = rig.coordinator("a");
      List<String> ids = List.of(rig.submit(coordinator, "kind = count, to = 30, millis = 5, layout.domains = 1"),
          rig.submit(coordinator, "kind = count, to = 31, millis = 5, layout.domains = 1"));
      for (String id : ids)
        assertInstanceOf(JobEvent.Finished.class, rig.end(coordinator, id));
      for (int i = 0; i < 2; i++) {
        Path run = rig.state().run(ids.get(i));
        String log = Files.readString(run.resolve("run.log"));
        String own = "of " + (30 + i) + ",";
        String other = "of " + (31 - i) + ",";
        assertTrue(log.contains(own) && log.contains("counted to " + (30 + i)), log);
        assertFalse(log.contains(other) || log.contains(ids.get(1 - i)), log);
        assertTrue(log.contains("rank of " + ids.get(i) + " echoes"), "its ranks are at work for it: " + log);
        assertFalse(log.contains("is queued"), "what the coordinator says is of no job: " + log);
      }
    }
  }

  @Test
  void shouldGiveWhatIsOfNoJobToTheOnlyOne() throws Exception {
    Path of = directory.resolve("of.log");
    Path only = directory.resolve("only.log");
    try (RunLog _ = RunLog.attach(of, "one", false); RunLog _ = RunLog.attach(only, "one", true)) {
      LOG.info("of no job");
      for (String job : List.of("one", "two")) {
        Thread[] marked = new Thread[1];
        JobMdc.run(job, () -> marked[0] = Thread.ofVirtual().unstarted(JobMdc.carried(() -> LOG.info("of {}", job))));
        marked[0].start();
        marked[0].join();
      }
      LOG.info("of no job again");
    }
    LOG.info("too late");
    assertEquals(List.of("of one"), messages(of));
    assertEquals(List.of("of no job", "of one", "of no job again"), messages(only));
  }

  private static List<String> messages(Path log) throws Exception {
    return Files.readAllLines(log).stream().map(line -> line.substring(line.indexOf(" - ") + 3)).toList();
  }
}
