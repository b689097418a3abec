package org.halocline.sampler.chain;

import static org.halocline.sampler.ppl.Distributions.normal;
import static org.halocline.sampler.ppl.Distributions.simplex;
import static org.halocline.sampler.ppl.Distributions.uniform;
import static org.halocline.sampler.ppl.Distributions.whiteNoise;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.domain.SimulationActor;
import org.halocline.domain.program.RankCommand;
import org.halocline.domain.program.RankProgram;
import org.halocline.runtime.files.PendingFile;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.run.Checkpoint;
import org.halocline.runtime.run.CheckpointStore;
import org.halocline.sampler.draws.Draws;
import org.halocline.sampler.example.EightSchools;
import org.halocline.sampler.hmc.HmcSettings;
import org.halocline.sampler.kernel.SamplerSettings;
import org.halocline.sampler.kernel.Transition;
import org.halocline.sampler.moments.FieldMoments;
import org.halocline.sampler.ppl.Model;
import org.halocline.sampler.support.LocalDomain;
import org.halocline.sampler.support.Mean;
import org.halocline.sampler.support.Mixer;
import org.halocline.sampler.support.Wander;
import org.halocline.sampler.tape.RankScope;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class ChainActorTest {
  private static final ActorTestKit KIT = ActorTestKit
      .create(ConfigFactory.parseString("pekko.actor.testkit.typed.default-timeout = 3 m"));
  private static final Mesh MESH = new Mesh(4, 5, 6, 1, 1, 1);
  private static final Mesh OTHER = new Mesh(6, 4, 2, 1, 1, 1);
  private static final Decomposition WHOLE = Decomposition.even(MESH, 1, 1);
  private static final Decomposition QUARTERS = Decomposition.even(MESH, 2, 2);
  private static final int WARM_UP = 40;
  private static final int DRAWS = 33;
  private static final SamplerSettings SAMPLER = new HmcSettings(WARM_UP, 0.8, 0.1, 1.57, 0.25, 32, true);
  private static final Duration WAIT = Duration.ofMinutes(3);

  @TempDir
  Path directory;
  private int draws = DRAWS;
  private List<String> comments = List.of("seed = 7");
  private SamplerSettings sampler = SAMPLER;
  private Function<RankScope, Model> written = ChainActorTest::model;

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private static Model model(RankScope scope) {
    Mean mean = new Mean(scope);
    double[] data = scope.first() ? new double[]{1, 2, -3, 5} : new double[0];
    return p -> {
      var theta = p.sample("theta", uniform(-3, 4));
      var z = p.sample("z", whiteNoise(MESH));
      var planes = p.deterministic("planes", p.apply(mean, theta, z).gathered(0));
      p.deterministic("square", theta.square());
      p.observe("map", normal(planes, 2), data);
    };
  }

  /** Two fields that one operation reads, and one on a mesh of its own. */
  private static Model severalFields(RankScope scope) {
    Field.Floats weights = scope.kernels().memory().floats(scope.block().size());
    scope.kernels().vectors().fill(weights, 0.25f);
    Field.Floats data = scope.kernels().memory().floats(scope.block().size());
    Mixer mixer = new Mixer(scope, weights);
    return p -> {
      var theta = p.sample("theta", normal(0, 1));
      var a = p.sample("a", whiteNoise(MESH));
      var b = p.sample("b", whiteNoise(MESH));
      p.sample("c", whiteNoise(OTHER));
      var made = p.apply(mixer, a, b, theta);
      p.deterministic("sum", made.scalar(1));
      p.observe("number", normal(made.scalar(1), 2), 0.5);
      p.observe("field", normal(made.sharded(0), 3), data);
    };
  }

  private static Model impossible(RankScope scope) {
    return p -> {
      var theta = p.sample("theta", uniform(-3, 4));
      p.observe("impossible", normal(theta, 1), theta.isConstant() ? 0 : Double.NaN);
    };
  }

  private RankProgram program(RankScope scope) {
    return new ChainProgram(written.apply(scope), scope, sampler, 7, 2, Map.of(), () -> {});
  }

  private ChainSettings settings(String run, Duration every, int draws) {
    return new ChainSettings(2, 7, sampler, this.draws, false,
        10, 16,
        every, draws, new PendingFile(directory.resolve(run + ".csv.part"), directory.resolve(run + ".csv")),
        directory.resolve(run + "-draws"), comments, Optional.empty());
  }

  private CheckpointStore store(String run, int incarnation) throws IOException {
    Path checkpoints = Files.createDirectories(directory.resolve(run + "-checkpoints"));
    return new CheckpointStore(checkpoints, incarnation, name -> checkpoints.resolve("." + name));
  }

  private ActorRef<SimulationActor.Command> domain(Decomposition layout, AtomicInteger commands, int most) {
    return KIT.spawn(LocalDomain.create(layout, this::program,
        (RankCommand _) -> commands.incrementAndGet() > most));
  }

  private static JobEvent.Progress progress(TestProbe<ChainEvent> events) {
    return assertInstanceOf(JobEvent.Progress.class,
        assertInstanceOf(ChainEvent.News.class, events.receiveMessage(WAIT)).event());
  }

  private static ChainEvent ended(TestProbe<ChainEvent> events) {
    ChainEvent event = events.receiveMessage(WAIT);
    while (event instanceof ChainEvent.News)
      event = events.receiveMessage(WAIT);
    return event;
  }

  private ChainEvent run(String run, Decomposition layout, int incarnation, Duration every, int draws, int most)
      throws IOException {
    TestProbe<ChainEvent> events = KIT.createTestProbe();
    ActorRef<SimulationActor.Command> domain = domain(layout, new AtomicInteger(), most);
    KIT.spawn(ChainActor.create(settings(run, every, draws), store(run, incarnation), domain, events.getRef(),
        System::nanoTime));
    ChainEvent end = ended(events);
    KIT.stop(domain);
    return end;
  }

  /** Everything that counts of a finished run. */
  private static void assertSame(ChainEvent.Finished first, ChainEvent.Finished second, Path directory, String a,
      String b) throws IOException {
    assertEquals(Files.readString(directory.resolve(a + ".csv")), Files.readString(directory.resolve(b + ".csv")));
    assertArrayEquals(first.last().read(ChainState.PART), second.last().read(ChainState.PART));
    int slab = MESH.ny() * MESH.nz();
    try (FieldMoments one = FieldMoments.ofField(List.of(first.last()), 0);
        FieldMoments two = FieldMoments.ofField(List.of(second.last()), 0)) {
      for (int x = 0; x < MESH.nx(); x++) {
        assertArrayEquals(one.sum(x, slab), two.sum(x, slab), 0.0);
        assertArrayEquals(one.square(x, slab), two.square(x, slab), 0.0);
      }
    }
    assertArrayEquals(first.last().read("planes.array-sum.npy"), second.last().read("planes.array-sum.npy"));
    try (Stream<Path> fields = Files.list(directory.resolve(a + "-draws"))) {
      List<Path> found = fields.toList();
      assertEquals(3 + 2, found.size(), found.toString());
      for (Path field : found)
        assertArrayEquals(Files.readAllBytes(field),
            Files.readAllBytes(directory.resolve(b + "-draws").resolve(field.getFileName())));
    }
  }

  @Test
  void shouldGiveTheSameBytesOnEveryLayoutAndWithEveryCheckpointing() throws IOException {
    var whole = assertInstanceOf(ChainEvent.Finished.class,
        run("whole", WHOLE, 1, Duration.ofHours(1), 1000, Integer.MAX_VALUE));
    var quarters = assertInstanceOf(ChainEvent.Finished.class,
        run("quarters", QUARTERS, 1, Duration.ZERO, 1000, Integer.MAX_VALUE));
    assertSame(whole, quarters, directory, "whole", "quarters");
    Draws draws = Draws.read(directory.resolve("whole.csv"));
    assertEquals(DRAWS, draws.size());
    assertEquals(List.of("theta", "square"), draws.parameters());
    double[] theta = draws.column("theta");
    assertEquals(theta[3] * theta[3], draws.column("square")[3]);
  }

  /** The domain dies in the middle, again and again; each time another layout goes on from the last checkpoint. */
  @Test
  void shouldResumeByteForByteAfterEveryKill() throws IOException {
    var undisturbed = assertInstanceOf(ChainEvent.Finished.class,
        run("undisturbed", WHOLE, 1, Duration.ofHours(1), 1000, Integer.MAX_VALUE));
    ChainEvent event = run("killed", WHOLE, 1, Duration.ofHours(1), 6, 11);
    int incarnation = 1;
    while (!(event instanceof ChainEvent.Finished)) {
      assertTrue(assertInstanceOf(ChainEvent.Failed.class, event).message().contains("on purpose"));
      Files.writeString(directory.resolve("killed.csv"), "1,2,half a row", StandardOpenOption.APPEND);
      incarnation++;
      event = run("killed", incarnation % 2 == 0 ? QUARTERS : WHOLE, incarnation, Duration.ofHours(1), 6, 19);
    }
    assertTrue(incarnation > 3, incarnation + " incarnations");
    assertSame(undisturbed, (ChainEvent.Finished) event, directory, "undisturbed", "killed");
  }

  /** With the sampler of main code, and with one that only the tests know. */
  @Test
  void shouldSampleSeveralFieldsByteForByteThroughKillsAndLayouts() throws IOException {
    written = ChainActorTest::severalFields;
    for (SamplerSettings each : List.of(SAMPLER, new Wander.Plan(WARM_UP, 0.2))) {
      sampler = each;
      String name = each.sampler();
      var whole = assertInstanceOf(ChainEvent.Finished.class,
          run(name, WHOLE, 1, Duration.ofHours(1), 1000, Integer.MAX_VALUE));
      ChainEvent event = run(name + "-killed", QUARTERS, 1, Duration.ofHours(1), 9, 23);
      int incarnation = 1;
      while (!(event instanceof ChainEvent.Finished)) {
        incarnation++;
        event = run(name + "-killed", incarnation % 2 == 0 ? WHOLE : QUARTERS, incarnation, Duration.ofHours(1), 9, 29);
      }
      assertTrue(incarnation > 2, incarnation + " incarnations");
      ChainEvent.Finished killed = (ChainEvent.Finished) event;
      assertEquals(Files.readString(directory.resolve(name + ".csv")),
          Files.readString(directory.resolve(name + "-killed.csv")));
      assertEquals(List.of("theta", "sum"), Draws.read(directory.resolve(name + ".csv")).parameters());
      for (int field = 0; field < 3; field++) {
        Mesh mesh = field == 2 ? OTHER : MESH;
        int slab = mesh.ny() * mesh.nz();
        try (FieldMoments one = FieldMoments.ofField(List.of(whole.last()), field);
            FieldMoments two = FieldMoments.ofField(List.of(killed.last()), field)) {
          for (int x = 0; x < mesh.nx(); x++) {
            assertArrayEquals(one.sum(x, slab), two.sum(x, slab), 0.0);
            assertTrue(Arrays.stream(one.square(x, slab)).allMatch(square -> square > 0), "field " + field);
          }
        }
      }
      for (String file : List.of("noise-chain-2-draw-00010.npy", "noise-2-chain-2-draw-00020.npy",
          "noise-3-chain-2-draw-00030.npy"))
        assertArrayEquals(Files.readAllBytes(directory.resolve(name + "-draws").resolve(file)),
            Files.readAllBytes(directory.resolve(name + "-killed-draws").resolve(file)), file);
    }
    List<String> lines = Files.readAllLines(directory.resolve("wander.csv"));
    assertTrue(lines.contains("lp__,length__,theta,sum"), lines.toString());
    assertTrue(lines.stream().anyMatch(line -> line.startsWith("# Length = 0.13")), lines.toString());
  }

  /** A program of numbers alone, the same on every rank. */
  @Test
  void shouldSampleVectorsByteForByteThroughKillsAndLayouts() throws IOException {
    written = _ -> p -> {
      new EightSchools().run(p);
      var shares = p.sample("shares", simplex(3));
      p.deterministic("sums", shares.cumulativeSum());
    };
    assertInstanceOf(ChainEvent.Finished.class,
        run("vectors", WHOLE, 1, Duration.ofHours(1), 1000, Integer.MAX_VALUE));
    ChainEvent event = run("vectors-killed", QUARTERS, 1, Duration.ofHours(1), 9, 23);
    assertInstanceOf(ChainEvent.Failed.class, event);
    int incarnation = 1;
    while (!(event instanceof ChainEvent.Finished)) {
      incarnation++;
      event = run("vectors-killed", incarnation % 2 == 0 ? WHOLE : QUARTERS, incarnation, Duration.ofHours(1), 9, 29);
    }
    assertEquals(Files.readString(directory.resolve("vectors.csv")),
        Files.readString(directory.resolve("vectors-killed.csv")));
    Draws draws = Draws.read(directory.resolve("vectors.csv"));
    assertEquals(List.of("mu", "tau", "theta.1", "theta.2", "theta.3", "theta.4", "theta.5", "theta.6", "theta.7",
        "theta.8", "shares.1", "shares.2", "log_tau", "shares.3", "sums.1", "sums.2", "sums.3"), draws.parameters());
    for (int i = 0; i < draws.size(); i++) {
      assertEquals(1, draws.column("shares.1")[i] + draws.column("shares.2")[i] + draws.column("shares.3")[i], 1e-14);
      assertEquals(draws.column("sums.2")[i], draws.column("shares.1")[i] + draws.column("shares.2")[i]);
      assertEquals(StrictMath.log(draws.column("tau")[i]), draws.column("log_tau")[i]);
    }
  }

  @Test
  void shouldFallBackWhenTheLastCheckpointIsBroken() throws IOException {
    var undisturbed = assertInstanceOf(ChainEvent.Finished.class,
        run("sound", WHOLE, 1, Duration.ofHours(1), 1000, Integer.MAX_VALUE));
    run("broken", WHOLE, 1, Duration.ofHours(1), 6, 60);
    Checkpoint last = store("broken", 1).latest().orElseThrow();
    Files.write(last.path("noise.0.0.npy"), new byte[]{1}, StandardOpenOption.APPEND);
    var resumed = assertInstanceOf(ChainEvent.Finished.class,
        run("broken", WHOLE, 2, Duration.ofHours(1), 6, Integer.MAX_VALUE));
    assertSame(undisturbed, resumed, directory, "sound", "broken");
  }

  @Test
  void shouldWriteACheckpointWhenStoppedAndGoOnLater() throws IOException {
    TestProbe<ChainEvent> events = KIT.createTestProbe();
    ActorRef<SimulationActor.Command> domain = domain(WHOLE, new AtomicInteger(), Integer.MAX_VALUE);
    ActorRef<ChainActor.Command> chain = KIT.spawn(ChainActor.create(settings("stopped", Duration.ofHours(1), 1000),
        store("stopped", 1), domain, events.getRef(), System::nanoTime));
    JobEvent.Progress seeking = progress(events);
    assertTrue(seeking.line().startsWith("seeking a start: draw 1 of 100"), seeking.line());
    JobEvent.Progress first = progress(events);
    assertTrue(first.line().contains(" of " + (WARM_UP + DRAWS)), first.line());
    chain.tell(new ChainActor.Stop("enough", WAIT));
    ChainEvent end = ended(events);
    if (end instanceof ChainEvent.Cancelled(int number, String reason)) {
      assertEquals("enough", reason);
      assertEquals(2, number);
    }
    assertTrue(store("stopped", 1).latest().isPresent());
    var undisturbed = assertInstanceOf(ChainEvent.Finished.class,
        run("straight", WHOLE, 1, Duration.ofHours(1), 1000, Integer.MAX_VALUE));
    var resumed = assertInstanceOf(ChainEvent.Finished.class,
        run("stopped", WHOLE, 2, Duration.ofHours(1), 1000, Integer.MAX_VALUE));
    assertSame(undisturbed, resumed, directory, "straight", "stopped");
  }

  /** More draws are asked for, with other settings above them; an extension that is killed goes on too. */
  @Test
  void shouldGoOnWithMoreDrawsByteForByte() throws IOException {
    int asked = DRAWS;
    draws = asked - 14;
    comments = List.of("seed = 7", "draws = " + draws);
    assertInstanceOf(ChainEvent.Finished.class, run("more", WHOLE, 1, Duration.ofHours(1), 1000, Integer.MAX_VALUE));
    assertTrue(Files.readString(directory.resolve("more.csv")).endsWith("(Total)\n#\n"));
    draws = asked;
    comments = List.of("seed = 7", "many, many more draws = " + draws);
    ChainEvent event = run("more", QUARTERS, 2, Duration.ofHours(1), 6, 8);
    int incarnation = 2;
    while (!(event instanceof ChainEvent.Finished))
      event = run("more", WHOLE, ++incarnation, Duration.ofHours(1), 3, 8);
    assertTrue(incarnation > 2, "the extension was not killed");
    var atOnce = assertInstanceOf(ChainEvent.Finished.class,
        run("at-once", WHOLE, 1, Duration.ofHours(1), 1000, Integer.MAX_VALUE));
    assertSame(atOnce, (ChainEvent.Finished) event, directory, "at-once", "more");
  }

  @Test
  void shouldFindNoStartWhereNothingHasADensityAndCanBeStoppedMeanwhile() throws IOException {
    written = ChainActorTest::impossible;
    ChainEvent end = run("nowhere", QUARTERS, 1, Duration.ofHours(1), 1000, Integer.MAX_VALUE);
    ChainEvent.Failed failed = assertInstanceOf(ChainEvent.Failed.class, end);
    assertTrue(failed.badInput() && failed.message().contains("no start was found in 100 draws")
        && failed.message().contains("is not finite"), failed.message());

    TestProbe<SimulationActor.Command> domain = KIT.createTestProbe();
    TestProbe<ChainEvent> events = KIT.createTestProbe();
    ActorRef<ChainActor.Command> chain = KIT.spawn(ChainActor.create(settings("sought", Duration.ofHours(1), 1000),
        store("sought", 1), domain.getRef(), events.getRef(), System::nanoTime));
    for (int attempt = 0; attempt < 12; attempt++) {
      var asked = domain.expectMessageClass(SimulationActor.Execute.class);
      assertEquals(new ChainCommand.Start(attempt), asked.command());
      if (attempt < 11)
        asked.replyTo().tell(new SimulationActor.Done(2, List.of(new ChainReply.Outside("½χ² = NaN")), List.of()));
      else
        chain.tell(new ChainActor.Stop("SIGTERM", WAIT));
    }
    assertEquals(new SimulationActor.Cancel(2, "SIGTERM"), domain.expectMessageClass(SimulationActor.Cancel.class));
  }

  @Test
  void shouldCutOffTheSearchForAStartAtOnceAndATrajectoryThatIsTooLong() throws IOException {
    for (boolean started : List.of(false, true)) {
      TestProbe<ChainEvent> events = KIT.createTestProbe();
      TestProbe<SimulationActor.Command> ranks = KIT.createTestProbe();
      ActorRef<ChainActor.Command> chain = KIT.spawn(ChainActor.create(
          settings("cut-" + started, Duration.ofHours(1), 1000), store("cut-" + started, 1), ranks.getRef(),
          events.getRef(), System::nanoTime));
      var search = ranks.expectMessageClass(SimulationActor.Execute.class);
      ActorRef<SimulationActor.Reply> answers = search.replyTo();
      if (started) {
        Transition at = new Transition(-1, true, 1, Optional.empty(), 0, 0, 0, new double[]{0}, new double[]{0},
            Map.of(), 1, Map.of());
        answers.tell(new SimulationActor.Done(2, List.of(new ChainReply.Started(List.of("theta"), at)), List.of()));
        assertInstanceOf(ChainCommand.Draw.class,
            ranks.expectMessageClass(SimulationActor.Execute.class).command());
      }
      chain.tell(new ChainActor.Stop("enough", started ? Duration.ofMillis(1) : WAIT));
      assertEquals(new SimulationActor.Cancel(2, "enough"), ranks.receiveMessage(WAIT));
      answers.tell(new SimulationActor.Cancelled(2, "enough"));
      assertEquals(new ChainEvent.Cancelled(2, "enough"), ended(events));
    }
  }

  @Test
  void shouldSayWhichFileIsShorterThanItsCheckpoint() throws IOException {
    run("short", WHOLE, 1, Duration.ofHours(1), 6, 60);
    Files.writeString(directory.resolve("short.csv"), "", StandardCharsets.UTF_8, StandardOpenOption.TRUNCATE_EXISTING);
    ChainEvent end = run("short", WHOLE, 2, Duration.ofHours(1), 6, Integer.MAX_VALUE);
    assertTrue(assertInstanceOf(ChainEvent.Failed.class, end).message().contains("short.csv"), end.toString());
  }
}
