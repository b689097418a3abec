package org.halocline.sampler.job.infer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.testkit.typed.Effect;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Props;
import org.halocline.cosmology.cuda.host.CountedDevice;
import org.halocline.cosmology.cuda.host.HostDevice;
import org.halocline.cosmology.npy.NpyFile;
import org.halocline.cosmology.npy.NpyWriter;
import org.halocline.domain.lane.CoreLanes;
import org.halocline.domain.lane.CudaLanes;
import org.halocline.runtime.cluster.JobOrder;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.job.Doubts;
import org.halocline.runtime.job.JobCommand;
import org.halocline.runtime.job.JobContext;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.job.JobFile;
import org.halocline.runtime.job.JobKinds.CheckedJob;
import org.halocline.runtime.job.JobSpec;
import org.halocline.runtime.layout.Layout;
import org.halocline.runtime.layout.LayoutCost;
import org.halocline.runtime.rank.NodeAgent;
import org.halocline.runtime.rank.RankSlot;
import org.halocline.runtime.run.Opening;
import org.halocline.runtime.run.RunDirectory;
import org.halocline.runtime.run.RunRequest;
import org.halocline.runtime.run.Tenancy;
import org.halocline.sampler.chain.ChainStart;
import org.halocline.sampler.distribution.interval.Uniform;
import org.halocline.sampler.job.ModelJob;
import org.halocline.sampler.tape.Scalar;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole inferences of a very small survey, on a real node with actors, transport and files. */
@Timeout(600)
class InferJobTest {
  private static final String JOB = """
      kind = infer
      cosmology { omega-m = 0.3, sigma8 = 0.8 }
      simulation {
        mesh = [6, 6, 8], box-mpc-h = [400, 400, 2048], a-initial = 0.1, lpt-order = 2, scheme = bullfrog
        light-cone { steps-before = 3, planes = 4 }
      }
      lensing { field-of-view-deg = 10, pixels = 4, sources = "nz.csv", allow-truncated-sources = true }
      data { map = "map.npy", sigma-pixel = 0.003, truth = "truth.json" }
      infer {
        parameters { omega-m = "uniform(0.1, 0.5)", sigma8 = "truncated-normal(0.8, 0.2, 0.4, 1.2)" }
        chains = 2, warm-up = 20, draws = 10, seed = 3, max-steps = 6, thin { noise = 5, kappa = 4 }
      }
      layout { domains = %d, x = %d, y = %d }
      """;

  @TempDir
  Path directory;

  @BeforeEach
  void makeData() throws Exception {
    Files.writeString(directory.resolve("nz.csv"), "z,bin0,bin1\n0.1,0,0\n0.3,1,0\n0.6,0.5,1\n0.9,0,0.5\n1.2,0,0\n");
    Random random = new Random(1);
    float[] map = new float[2 * 4 * 4];
    for (int i = 0; i < map.length; i++)
      map[i] = (float) (0.003 * random.nextGaussian());
    NpyWriter.write(directory.resolve("map.npy"), map, 2, 4, 4);
    Files.writeString(directory.resolve("truth.json"), "{\"cosmology\": {\"omega_m\": 0.31, \"sigma8\": 0.82}}");
  }

  private InferNode.Ended run(String output, int domains, int x, int y, OptionalLong shake) throws Exception {
    try (InferNode node = InferNode.start(domains * x * y, shake)) {
      return node.run(JOB.formatted(domains, x, y), directory, directory.resolve(output), false);
    }
  }

  /** The kernels of a GPU, compiled for a core; two chains share one device. */
  private InferNode.Ended runOnDevice(String output, int domains, int x, int y) throws Exception {
    Optional<HostDevice> device = HostDevice.find();
    assumeTrue(device.isPresent(), HostDevice::reason);
    CountedDevice counted = new CountedDevice(device.orElseThrow());
    CudaLanes lanes = new CudaLanes(List.of(() -> counted), domains * x * y);
    String job = JOB.formatted(domains, x, y).replace("layout { ", "layout { device = gpu, ");
    InferNode.Ended ended;
    try (InferNode node = InferNode.start(1, OptionalLong.empty(), List.of(new CoreLanes(), lanes))) {
      ended = node.run(job, directory, directory.resolve(output), false);
    }
    LayoutCost cost = InferNode.KINDS.check(JobFile.parse("job.conf", directory, job).orThrow()).orThrow().plan()
        .cost(new Layout(domains, x, y));
    long planned = ((LayoutCost.Bytes) cost).largestDeviceBytes();
    assertEquals(2 * x * y, counted.closedWith().size(), "a queue a chain and rank");
    for (long bytes : counted.closedWith())
      assertTrue(bytes <= planned, bytes + " bytes of a device, and " + planned + " planned");
    return ended;
  }

  private static void assertSameDraws(Path first, Path second) throws Exception {
    assertSameDraws(first, second, "chain-0.csv", "chain-1.csv", "mean_noise.npy", "sd_noise.npy", "mean_kappa.npy",
        "sd_kappa.npy",
        "draws/noise-chain-1-draw-00005.npy", "draws/kappa-chain-0-draw-00008.npy");
  }

  private static void assertSameDraws(Path first, Path second, String... names) throws Exception {
    for (String name : names)
      assertArrayEquals(Files.readAllBytes(first.resolve(name)), Files.readAllBytes(second.resolve(name)), name);
  }

  /** Its moves cross the node's wire, and its keys are read by itself. */
  @Test
  void shouldRunASamplerThatMainCodeDoesNotKnow() throws Exception {
    String job = JOB.formatted(1, 1, 2).replace("max-steps = 6", "sampler = wander, length = 0.05");
    try (InferNode node = InferNode.start(2, OptionalLong.empty())) {
      InferNode.Ended ended = node.run(job, directory, directory.resolve("wander"), false);
      assertInstanceOf(JobEvent.Finished.class, ended.last(), ended.last().toString());
    }
    String draws = Files.readString(directory.resolve("wander/chain-0.csv"));
    assertTrue(draws.contains("algorithm = wander") && draws.contains("lp__,length__,omega_m,sigma8"), draws);
    assertTrue(Files.readString(directory.resolve("wander/diagnostics.json")).contains("\"length\""));
  }

  @Test
  void shouldNameTheSamplersThatThereAre() throws Exception {
    String problems = InferNode.KINDS.check(JobFile.parse("job.conf", directory,
        JOB.formatted(1, 1, 1).replace("max-steps = 6", "sampler = hmcc")).orThrow()).problems().toString();
    assertTrue(problems.contains("must be one of hmc, wander") && problems.contains("did you mean hmc?"), problems);
    problems = InferNode.KINDS.check(JobFile.parse("job.conf", directory,
        JOB.formatted(1, 1, 1).replace("max-steps = 6", "sampler = wander, jitter = 0.1")).orThrow()).problems()
        .toString();
    assertTrue(problems.contains("jitter"), problems);
  }

  @Test
  void shouldInferTheSameBytesOnEveryLayout() throws Exception {
    InferNode.Ended alone = run("alone", 1, 1, 1, OptionalLong.empty());
    JobEvent.Finished finished = assertInstanceOf(JobEvent.Finished.class, alone.last(), alone.last().toString());
    assertTrue(finished.table().contains("omega_m") && finished.table().contains("truth"), finished.table());
    assertTrue(finished.summary().contains("\"r-hat\""), finished.summary());
    assertTrue(alone.events().stream()
        .anyMatch(event -> event instanceof JobEvent.Progress(String source, var done, String line, var numbers)
            && source.equals("chain 1") && line.contains("acceptance")));
    try (NpyFile mean = NpyFile.open(alone.finished("mean_noise.npy"))) {
      assertArrayEquals(new int[]{6, 6, 8}, mean.shape());
    }
    InferNode.Ended parted = run("parted", 1, 2, 1, OptionalLong.of(9));
    assertInstanceOf(JobEvent.Finished.class, parted.last(), parted.last().toString());
    assertSameDraws(alone.directory(), parted.directory());
    InferNode.Ended apart = run("apart", 2, 1, 1, OptionalLong.empty());
    assertInstanceOf(JobEvent.Finished.class, apart.last(), apart.last().toString());
    assertSameDraws(alone.directory(), apart.directory());
  }

  @Test
  void shouldInferTheSameBytesOnEveryLayoutOfAGpu() throws Exception {
    InferNode.Ended alone = runOnDevice("gpu-alone", 1, 1, 1);
    assertInstanceOf(JobEvent.Finished.class, alone.last(), alone.last().toString());
    for (int[] layout : new int[][]{{1, 2, 2}, {2, 1, 1}}) {
      InferNode.Ended other = runOnDevice("gpu-" + layout[0] + layout[1] + layout[2], layout[0], layout[1], layout[2]);
      assertInstanceOf(JobEvent.Finished.class, other.last(), other.last().toString());
      assertSameDraws(alone.directory(), other.directory());
    }
  }

  @Test
  void shouldResumeACancelledRunByteForByte() throws Exception {
    Path undisturbed = run("undisturbed", 1, 1, 1, OptionalLong.empty()).finished("");
    Path cut = directory.resolve("cut");
    try (InferNode node = InferNode.start(1, OptionalLong.empty())) {
      AtomicReference<InferNode.Run> run = new AtomicReference<>();
      AtomicBoolean asked = new AtomicBoolean();
      java.util.concurrent.CountDownLatch submitted = new java.util.concurrent.CountDownLatch(1);
      run.set(node.submit(JOB.formatted(1, 1, 1), directory, cut, false, event -> {
        if (event instanceof JobEvent.Progress(String source, var done, String line, var numbers)
            && source.startsWith("chain")
            && asked.compareAndSet(false, true))
          Thread.ofVirtual().start(() -> {
            try {
              submitted.await();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
            run.get().cancel("on purpose");
          });
      }));
      submitted.countDown();
      JobEvent last = run.get().last().get(5, TimeUnit.MINUTES);
      assertFalse(last instanceof JobEvent.Failed, last.toString());
      if (last instanceof JobEvent.Cancelled)
        assertInstanceOf(JobEvent.Finished.class, node.run(JOB.formatted(1, 1, 1), directory, cut, true).last());
    }
    assertSameDraws(undisturbed, cut);
  }

  @Test
  void shouldGoOnWithMoreDrawsAsIfTheyHadBeenAskedForAtOnce() throws Exception {
    String all = JOB.formatted(1, 1, 1);
    String few = all.replace("draws = 10", "draws = 6");
    Path atOnce = directory.resolve("at-once");
    Path grown = directory.resolve("grown");
    try (InferNode node = InferNode.start(1, OptionalLong.empty())) {
      node.run(all, directory, atOnce, false).finished("");
      node.run(few, directory, grown, false).finished("");
      String fewer = all.replace("draws = 10", "draws = 5");
      JobEvent.Failed refused = assertInstanceOf(JobEvent.Failed.class, node.run(fewer, directory, grown, true).last());
      assertTrue(refused.badInput() && refused.message().contains("infer.draws = 5"), refused.message());
      assertInstanceOf(JobEvent.AlreadyFinished.class, node.run(few, directory, grown, true).last());
      node.run(all, directory, grown, true).finished("");
    }
    assertSameDraws(atOnce, grown);
    for (String name : List.of("chain_1.txt", "chain_2.txt", "chain.paramnames", "chain.ranges", "diagnostics.json"))
      assertEquals(Files.readString(atOnce.resolve(name)), Files.readString(grown.resolve(name)), name);
    assertEquals(rows(atOnce), rows(grown));
    assertEquals(List.of("omega_m\t\\Omega_\\mathrm{m}", "sigma8\t\\sigma_8"),
        Files.readAllLines(grown.resolve("chain.paramnames")));
    assertEquals(List.of("omega_m 0.1 0.5", "sigma8 0.4 1.2"), Files.readAllLines(grown.resolve("chain.ranges")));
  }

  /** The table but for the lines of times. */
  private static List<String> rows(Path run) throws Exception {
    return Files.readAllLines(run.resolve("table.txt")).stream()
        .filter(line -> !line.startsWith("domain") && !line.startsWith("collections")).toList();
  }

  private List<Problem> problems(String text) {
    return JobFile.parse("job.conf", directory, text).then(InferNode.KINDS::check).problems();
  }

  private ModelJob plan(String text) {
    return (ModelJob) InferNode.KINDS.check(JobFile.parse("job.conf", directory, text).orThrow()).orThrow().plan();
  }

  private List<ChainStart> starts(String text) {
    return ((Inference) plan(text).work()).starts();
  }

  /** Another job's chains begin where these stood, with what these had learned, also where the files have travelled. */
  @Test
  void shouldStartFromAnEarlierRun() throws Exception {
    String old = JOB.formatted(1, 1, 1);
    String warm = old
        .replace("warm-up = 20, draws = 10, seed = 3", "warm-up = 0, draws = 4, seed = 4, start-from = \"old\"")
        .replace("sigma-pixel = 0.003", "sigma-pixel = 0.004");
    assertTrue(problems(warm).getFirst().toString().contains("infer.start-from"), problems(warm).toString());
    Path travelled = directory.resolve("travelled");
    try (InferNode node = InferNode.start(2, OptionalLong.empty())) {
      node.run(old, directory, directory.resolve("old"), false).finished("");
      Path first = node.run(warm, directory, directory.resolve("warm"), false).finished("");
      List<String> lines = Files.readAllLines(first.resolve("chain-1.csv"));
      List<String> former = Files.readAllLines(directory.resolve("old/chain-1.csv"));
      int learned = former.indexOf("# Adaptation terminated");
      assertEquals(former.subList(learned, learned + 5), lines.subList(lines.indexOf("# Adaptation terminated"),
          lines.indexOf("# Adaptation terminated") + 5), "step and metric");
      assertTrue(Files.readString(first.resolve("manifest.json")).contains("chain.json"), "digests of the states");
      JobSpec spec = InferNode.KINDS.check(JobFile.parse("job.conf", directory, warm).orThrow()).orThrow().spec()
          .orThrow();
      String text = spec.resolvedText().replace("\"x\" : 1", "\"x\" : 2");
      for (Map.Entry<String, String> input : spec.inputDigests().entrySet()) {
        Path blob = directory.resolve(input.getValue());
        Files.copy(Path.of(input.getKey()), blob, StandardCopyOption.REPLACE_EXISTING);
        text = text.replace("\"" + input.getKey() + "\"", "\"" + blob + "\"");
      }
      Files.move(directory.resolve("old"), directory.resolve("moved"));
      node.run(text, directory, travelled, false).finished("");
      assertSameDraws(first, travelled, "chain-0.csv", "chain-1.csv", "mean_noise.npy", "mean_kappa.npy");
    }
    String moved = warm.replace("\"old\"", "\"moved\"");
    List<ChainStart> same = starts(moved);
    String wider = moved.replace("uniform(0.1, 0.5)", "uniform(0.05, 0.6)");
    ChainStart stretched = starts(wider).getFirst();
    assertEquals(new Uniform(0.1, 0.5).constrain(Scalar.constant(same.getFirst().unconstrained()[0])).value(),
        new Uniform(0.05, 0.6).constrain(Scalar.constant(stretched.unconstrained()[0])).value(), 1e-12);
    assertTrue(stretched.stretch()[0] < same.getFirst().stretch()[0],
        "a wider prior is a narrower real line");
    assertEquals(same.getFirst().unconstrained()[1], stretched.unconstrained()[1]);
    for (String[] wrong : new String[][]{{"chains = 2", "chains = 3", "has the states of 2 chains"},
        {"box-mpc-h = [400, 400, 2048]", "box-mpc-h = [400, 401, 2048]", "simulation.box-mpc-h"},
        {"omega-m = \"uniform(0.1, 0.5)\"", "h = \"uniform(0.6, 0.8)\"", "infer.parameters"},
        {"\"moved\"", "\"nz.csv\"", "not the directory of a run"}}) {
      List<Problem> found = problems(moved.replace(wrong[0], wrong[1]));
      assertTrue(found.size() == 1 && found.getFirst().key().equals("infer.start-from")
          && found.getFirst().toString().contains(wrong[2]), found.toString());
    }
    assertTrue(plan(moved.replace("seed = 4", "seed = 3")).notes().stream()
        .anyMatch(warning -> warning.contains("infer.seed = 3")));
  }

  @Test
  void shouldSayThatAChainNeverMoved() throws Exception {
    String stuck = JOB.formatted(1, 1, 1).replace("sigma-pixel = 0.003", "sigma-pixel = 1e-8")
        .replace("warm-up = 20", "warm-up = 0").replace("draws = 10", "draws = 4");
    try (InferNode node = InferNode.start(1, OptionalLong.empty())) {
      JobEvent.Finished end = (JobEvent.Finished) node.run(stuck, directory, directory.resolve("stuck"), false).last();
      List<String> doubts = Doubts.of(end.summary());
      assertEquals(2, doubts.size(), doubts.toString());
      assertTrue(doubts.getFirst().startsWith("chain 0 never moved: its 4 draws are one point"), doubts.toString());
      assertTrue(end.table().contains("not to be believed: chain 1 never moved"), end.table());
      assertTrue(end.summary().contains("\"r-hat\" : null") && !end.summary().contains("NaN"), end.summary());
      JobEvent.AlreadyFinished again = (JobEvent.AlreadyFinished) node
          .run(stuck, directory, directory.resolve("stuck"), true)
          .last();
      assertEquals(doubts, Doubts.of(again.summary()));
    }
  }

  /** However slow the disk is, the node's other actors go on. */
  @Test
  void shouldWaitForTheDiskWhereActorsMay() throws Exception {
    JobFile file = JobFile.parse("job.conf", directory, JOB.formatted(2, 1, 1)).orThrow();
    CheckedJob job = InferNode.KINDS.check(file).orThrow();
    RunRequest request = JobOrder.of(job.spec().orThrow(), file).in(directory.resolve("run"), false)
        .runRequest(job.plan(), "any");
    try (RunDirectory run = ((Opening.Opened) RunDirectory.open(request, Clock.systemUTC(), Tenancy.alone())).run()) {
      RankSlot slot = new RankSlot(TestInbox.<NodeAgent.Command>create().getRef(), "node", 0);
      BehaviorTestKit<JobCommand> kit = BehaviorTestKit
          .create(job.plan().start(new JobContext(job.spec().orThrow(), run, new Layout(2, 1, 1), List.of(slot, slot),
              TestInbox.<JobEvent>create().getRef(), false, false, JobContext.freshTokens(new Layout(2, 1, 1)))));
      Map<String, Props> spawned = new TreeMap<>();
      kit.getAllEffects().forEach(effect -> {
        if (effect instanceof Effect.Spawned<?> child)
          spawned.put(child.childName(), child.props());
      });
      assertEquals(Set.of("domain-0", "domain-1", "chain-0", "chain-1"), spawned.keySet());
      assertEquals(DispatcherSelector.blocking(), spawned.get("chain-1"));
      assertEquals(Props.empty(), spawned.get("domain-1"));
    }
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "omega-m = \"uniform(0.1, 0.5)\" | omega-m = \"uniform(0.5, 0.1)\" | infer.parameters.omega-m",
      "omega-m = \"uniform(0.1, 0.5)\" | omega-m = \"uniform(-1, 0.5)\" | infer.parameters.omega-m",
      "omega-m = \"uniform(0.1, 0.5)\" | omega_m = \"uniform(0.1, 0.5)\" | infer.parameters.omega_m",
      "omega-m = \"uniform(0.1, 0.5)\" | omega-m = 0.3 | infer.parameters.omega-m",
      "chains = 2 | chains = 0 | infer.chains", "chains = 2 | chains = 2.5 | infer.chains",
      "draws = 10 | draws = -1 | infer.draws", "seed = 3 | sede = 3 | infer.sede",
      "max-steps = 6 | metric = round | infer.metric", "chains = 2 | sampler = gibbs | infer.sampler",
      "chains = 2 | target-accept = 1.5 | infer.target-accept", "noise = 5 | noise = x | infer.thin.noise",
      "omega-m = \"uniform(0.1, 0.5)\" | w0 = \"uniform(0.4, 0.6)\" | infer.parameters.w0",
      "omega-m = \"uniform(0.1, 0.5)\" | w0 = \"normal(0.5, 0.05)\" | infer.parameters.w0",
      "omega-m = \"uniform(0.1, 0.5)\" | w0 = \"normal(-0.2, 0.05)\", omega-k = \"normal(0.71, 0.1)\" | "
          + "infer.parameters.omega-k",
      "omega-m = \"uniform(0.1, 0.5)\" | h = \"log-normal(700, 100)\" | infer.parameters.h",
      "omega-m = \"uniform(0.1, 0.5)\" | omega-m = \"uniform(0.8, 1)\", omega-k = \"normal(0.4, 0.1)\" | "
          + "infer.parameters",
      "omega-m = \"uniform(0.1, 0.5)\" | omega-b = \"log-normal(-0.9, 0.1)\" | infer.parameters",
      "truth = \"truth.json\" | truth = \"nz.csv\" | data.truth"})
  void shouldNameTheKeyOfABadSetting(String good, String bad, String key) {
    String text = JOB.formatted(1, 1, 1).replace(good, bad);
    List<Problem> problems = JobFile.parse("job.conf", directory, text).then(InferNode.KINDS::check).problems();
    assertTrue(problems.stream().anyMatch(problem -> problem.key().equals(key) && !problem.remedy().isEmpty()),
        key + " in " + problems);
  }

  @Test
  void shouldSayWhereALargeShareOfThePriorsHasNoDensity() {
    String wide = JOB.formatted(1, 1, 1).replace("omega-m = \"uniform(0.1, 0.5)\"", "omega-m = \"normal(0.3, 0.4)\"");
    for (String text : List.of(JOB.formatted(1, 1, 1), wide)) {
      ModelJob plan = plan(text);
      assertEquals(text.equals(wide), plan.notes().stream()
          .anyMatch(
              warning -> warning.matches("\\d+% of the draws from infer.parameters .*omega-m = .*from 0.01 to 1.*")),
          plan.notes().toString());
    }
  }

  @Test
  void shouldReportEveryProblemAtOnce() {
    String text = JOB.formatted(1, 1, 1).replace("chains = 2", "chains = 0").replace("pixels = 4", "pixels = 5")
        .replace("uniform(0.1, 0.5)", "uniform(0.1)");
    List<Problem> problems = JobFile.parse("job.conf", directory, text).then(InferNode.KINDS::check).problems();
    assertTrue(problems.size() >= 3, problems.toString());
  }
}
