package org.halocline.runtime.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.halocline.runtime.cluster.JobEventRecord;
import org.halocline.runtime.job.Done;
import org.halocline.runtime.job.JobEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class EventHistoryTest {
  private static final String JOB = "toy-1";

  @TempDir
  Path directory;

  private static long number(int incarnation, int i) {
    return EventNumber.first(incarnation) + i;
  }

  private void write(int incarnation, int from, int to) throws Exception {
    try (EventLog log = new EventLog(directory, incarnation)) {
      for (int i = from; i < to; i++)
        log.append(new JobEventRecord(number(incarnation, i), i, JOB,
            new JobEvent.Progress("chain 0", Done.unknown(), "draw " + i + " κ", Map.of("draw", (double) i))), false);
    }
  }

  private static List<Long> numbers(List<JobEventRecord> events) {
    return events.stream().map(JobEventRecord::number).toList();
  }

  @Test
  void shouldReadOnWithoutBeginningAtTheBeginning() throws Exception {
    write(3, 0, 20_000);
    write(4, 0, 20_000);
    long size = Files.size(directory.resolve("000003.jsonl")) + Files.size(directory.resolve("000004.jsonl"));
    EventHistory history = new EventHistory(directory);
    long next = 0;
    int found = 0;
    for (List<JobEventRecord> events = history.read(next, 200); !events.isEmpty(); events = history.read(next, 200)) {
      assertEquals(number(3 + found / 20_000, found % 20_000), events.getFirst().number());
      found += events.size();
      next = events.getLast().number() + 1;
    }
    assertEquals(40_000, found);
    assertTrue(history.bytesRead() < 200 * 4 * (64 << 10) + 2 * size,
        () -> history.bytesRead() + " bytes were read of " + size);
    long before = history.bytesRead();
    assertEquals(List.of(number(4, 10_000)), numbers(history.read(number(4, 10_000), 1)));
    assertTrue(history.bytesRead() - before <= 3 * (64 << 10), "it was known where that stands");
    write(4, 20_000, 20_001);
    assertEquals(List.of(number(4, 20_000)), numbers(history.read(next, 200)), "what came since");
  }

  @Test
  void shouldLeaveOutWhatIsNoEvent() throws Exception {
    write(1, 0, 2);
    Path file = directory.resolve("000001.jsonl");
    for (String bad : List.of("null\n", "{}\n", "{\"number\": 12, \"atEp\n", "\n", "[1]\n"))
      Files.writeString(file, bad, StandardOpenOption.APPEND);
    Files.write(file, new byte[]{'"', (byte) 0xe2, (byte) 0x80, '\n'}, StandardOpenOption.APPEND);
    write(1, 2, 3);
    Files.write(file, "{\"number\": 99".getBytes(StandardCharsets.UTF_8), StandardOpenOption.APPEND);
    Files.writeString(directory.resolve("notes.txt"), "mine");
    EventHistory history = new EventHistory(directory);
    assertEquals(List.of(number(1, 0), number(1, 1), number(1, 2)), numbers(history.read(0, 100)));
    assertEquals(number(1, 2), history.last(1).getFirst().number());
    assertEquals(List.of(), new EventHistory(directory.resolve("none")).read(0, 100));
  }
}
