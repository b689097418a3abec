package org.halocline.runtime.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.serialization.SerializationExtension;
import org.halocline.runtime.WireMessage;
import org.halocline.runtime.cluster.JobStatus.CheckpointCost;
import org.halocline.runtime.cluster.EventBatch;
import org.halocline.runtime.cluster.JobEventRecord;
import org.halocline.runtime.cluster.JobList;
import org.halocline.runtime.cluster.JobReply;
import org.halocline.runtime.cluster.JobState;
import org.halocline.runtime.cluster.JobStatus;
import org.halocline.runtime.cluster.JobTerms;
import org.halocline.runtime.cluster.MessageText;
import org.halocline.runtime.cluster.JobStatus.RankPlace;
import org.halocline.runtime.cluster.JobStatus.SourceProgress;
import org.halocline.runtime.job.Done;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.layout.Layout;
import org.halocline.runtime.store.EventPacking;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Answers about large jobs, and many of them, through the serializer that nodes use: Artery drops what is over 256 KiB.
 */
@Timeout(300)
class MessageSizeTest {
  private static final int MOST_BYTES = 200 << 10;
  private static final int CHAINS = 4096;
  private static final long SEED = 20261122;
  private static final ActorTestKit KIT = ActorTestKit.create("sizes",
      ConfigFactory.parseString("pekko.actor.provider = local")
          .withFallback(ConfigFactory.parseResources("halocline-node.conf"))
          .withFallback(ConfigFactory.defaultReference()).resolve());

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private static int bytes(WireMessage message) {
    return SerializationExtension.get(KIT.system()).serialize(message).get().length;
  }

  private static JobStatus job(int number, JobState state) {
    Random random = new Random(SEED + number);
    Map<String, SourceProgress> sources = new TreeMap<>();
    for (int chain = 0; chain < CHAINS; chain++) {
      Map<String, Double> numbers = new TreeMap<>(Map.of("draw", (double) (CHAINS - chain), "of", 10_000.0));
      for (int i = 0; i < 40; i++)
        numbers.put("parameter-" + i, random.nextGaussian());
      sources.put("chain " + chain,
          new SourceProgress(Done.ofChain(chain, CHAINS - chain, 10_000, 1e6 / 3), numbers));
    }
    return new JobStatus("infer-" + number, "infer", "κ".repeat(5000), state, JobTerms.usual(), "…".repeat(50_000),
        "/runs/" + number, Optional.of(new Layout(500, 2, 1)), ranks(1000), 1, 0, OptionalLong.empty(),
        new CheckpointCost(0, 0, 0, 0),
        Optional.empty(), 0.5, OptionalLong.empty(), sources, 0, OptionalLong.empty(), OptionalLong.empty(),
        0, 0);
  }

  private static List<RankPlace> ranks(int count) {
    return IntStream.range(0, count).mapToObj(i -> new RankPlace(i / 2, i % 2, "host:1", i)).toList();
  }

  @Test
  void shouldFitManyLargeJobsIntoOneMessage() {
    System.out.println("seed " + SEED);
    List<JobStatus> jobs = new ArrayList<>();
    for (int i = 0; i < StatusReport.MOST_JOBS; i++)
      jobs.add(job(i, i < 30 ? JobState.RUNNING : JobState.FINISHED));
    List<JobStatus> shortened = StatusReport.shortened(jobs);
    int size = bytes(new JobList(shortened, 40));
    assertTrue(size < MOST_BYTES, size + " bytes");
    assertEquals(List.of("chain 4094", "chain 4095"), List.copyOf(shortened.getFirst().sources().keySet()),
        "those furthest behind");
    assertEquals(Map.of(), shortened.getLast().sources());
    for (JobStatus job : shortened)
      assertEquals(List.of(CHAINS, 1000, 500), List.of(job.sources().size() + job.moreSources(),
          job.ranks().size() + job.moreRanks(), job.layout().orElseThrow().domains()), "none is lost from a count");
  }

  @Test
  void shouldFitOneLargeJobIntoOneMessage() {
    JobStatus alone = StatusReport.alone(job(1, JobState.RUNNING));
    int size = bytes(new JobReply.Found(alone));
    assertTrue(size < MOST_BYTES, size + " bytes");
    assertTrue(alone.sources().size() > 50, alone.sources().size() + " sources");
    assertEquals(CHAINS, alone.sources().size() + alone.moreSources());
    JobStatus again = StatusReport.shortened(alone);
    assertEquals(CHAINS, again.sources().size() + again.moreSources(), "cut twice");
  }

  @Test
  void shouldFitLongEventsIntoMessages() {
    String text = "…".repeat(100_000);
    for (JobEvent event : List.of(new JobEvent.Waiting(text), new JobEvent.Interrupted(text, 1),
        new JobEvent.Cancelled(text), new JobEvent.Failed(true, text), JobEvent.Progress.note(text))) {
      List<JobEventRecord> events = new ArrayList<>();
      for (int i = 0; i < 200; i++)
        events.add(new JobEventRecord(i, i, "infer-1", event));
      EventBatch batch = EventPacking.batch(events);
      int size = batch.events().stream().mapToInt(MessageSizeTest::plainBytes).sum();
      assertTrue(!batch.events().isEmpty() && size < 64 << 10, size + " bytes");
      assertEquals(batch.events().getLast().number() + 1, batch.next());
    }
  }

  private static int plainBytes(JobEventRecord record) {
    return MessageText.bytes(record.event().toString());
  }
}
