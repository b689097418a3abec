package org.halocline.sampler.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.halocline.runtime.job.JobEvent;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that end badly: one message, no partial result under a final name, and a node that can go on. */
@Timeout(300)
class JobFailuresTest {
  private static JobNode node;

  @TempDir
  static Path directory;

  @BeforeAll
  static void start() throws Exception {
    Jobs.writeFiles(directory);
    node = JobNode.start(4, OptionalLong.empty());
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void shouldStopAtADisplacementBeyondItsLimitAlikeOnEveryLayout() throws Exception {
    String text = Jobs.with("a-initial", "max-displacement = 0.05, a-initial");
    String first = "";
    for (String layout : List.of("x = 1, y = 1", "x = 2, y = 2")) {
      var ended = node.run(text.replace("x = 1, y = 1", layout), directory, directory.resolve("limit " + layout));
      JobEvent.Failed failed = assertInstanceOf(JobEvent.Failed.class, ended.last());
      assertTrue(failed.badInput(), failed.message());
      assertTrue(failed.message().contains("displacement") && failed.message().contains("at most 0.05")
          && failed.message().contains("simulation.max-displacement"), failed.message());
      if (!first.isEmpty())
        assertEquals(first, failed.message());
      first = failed.message();
      assertEquals(List.of(), results(ended.directory()));
    }
  }

  @Test
  void shouldCancel() throws Exception {
    String text = """
        kind = simulate
        simulation {
          mesh = [32, 32, 32], box-mpc-h = [200, 200, 200]
          snapshot { steps = 2000, spacing = growth }, seed = 5
        }
        layout { x = 2, y = 1 }
        """;
    CountDownLatch running = new CountDownLatch(1);
    List<JobEvent> events = new CopyOnWriteArrayList<>() {
      @Override
      public boolean add(JobEvent event) {
        if (event instanceof JobEvent.Progress(String source, var done, var line, var numbers)
            && source.equals("simulation"))
          running.countDown();
        return super.add(event);
      }
    };
    JobNode.Run run = node.submit(text, directory, directory.resolve("cancelled"), events);
    assertTrue(running.await(3, TimeUnit.MINUTES), "no progress");
    run.cancel("enough");
    JobEvent last = run.last().get(3, TimeUnit.MINUTES);
    assertEquals("enough", assertInstanceOf(JobEvent.Cancelled.class, last).reason());
    assertEquals(List.of(), results(directory.resolve("cancelled")));
    runAnotherJob();
  }

  private void runAnotherJob() throws Exception {
    var ended = node.run(Jobs.with("x = 1, y = 1", "x = 2, y = 2"), directory, directory.resolve("after"));
    assertInstanceOf(JobEvent.Finished.class, ended.last());
  }

  private static List<String> results(Path run) throws IOException {
    try (Stream<Path> files = Files.walk(run)) {
      return files.map(file -> file.getFileName().toString())
          .filter(name -> name.contains(".npy") || name.equals("gradient.json") || name.equals("power.csv")).toList();
    }
  }
}
