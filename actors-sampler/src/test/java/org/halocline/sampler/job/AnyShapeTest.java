package org.halocline.sampler.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.halocline.cosmology.npy.NpyWriter;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.job.Digests;
import org.halocline.runtime.job.Forecast;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.job.JobFile;
import org.halocline.runtime.job.JobKinds;
import org.halocline.runtime.job.JobPlan;
import org.halocline.runtime.layout.Layout;
import org.halocline.runtime.layout.LayoutCost;
import org.halocline.runtime.layout.Sharing;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Jobs of any mesh, box and limit: a plan, or problems that name key, bound and remedy; a run, or the same bad-input
 * error on every layout.
 */
@Timeout(1800)
class AnyShapeTest {
  private static final JobKinds KINDS = new JobKinds(List.of(new SimulateKind(), new GradientKind()));
  private static final int[] SIDES = {2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 16, 17, 24, 31, 32, 48};
  private static final int MOST_CELLS = 1 << 15;
  private static final int LANES = 6;

  @TempDir
  Path directory;

  private int runs;

  @ParameterizedTest(name = "{0} in {1}, {2}")
  @CsvSource(delimiter = '|', textBlock = """
      [16, 16, 16] | [400, 400, 400]  | snapshot { steps = 6 }, max-displacement = [8, 8, 3.5]
      [16, 16, 16] | [400, 400, 400]  | snapshot { steps = 6 }, max-displacement = [3.5, 8, 100]
      [64, 64, 64] | [400, 400, 2048] | light-cone { planes = 8 }
      [32, 32, 16] | [400, 400, 4000] | light-cone { planes = 8 }
      [16, 16, 16] | [400, 400, 400]  | snapshot { steps = 6 }, max-displacement = 1e-9
      [16, 16, 16] | [400, 400, 400]  | snapshot { steps = 6 }, max-displacement = 1000
      """)
  void shouldPlanForAnyLimitOfAnAxis(String mesh, String box, String rest) {
    JobPlan plan = check("kind = simulate\nsimulation { mesh = " + mesh + ", box-mpc-h = " + box + "\n" + rest + " }")
        .orThrow();
    for (Layout layout : List.of(new Layout(1, 1, 1), new Layout(1, 2, 1), new Layout(1, 1, 3), new Layout(1, 3, 4)))
      assertForeseen(plan, layout);
  }

  /** The tenth rank tells the first one what it has, and hears from it what all have. */
  @Test
  void shouldForeseeHalosOfTheSameWidthOnFewRanksAndOnMany() {
    JobPlan plan = check("kind = simulate\nsimulation { mesh = [80, 16, 16], box-mpc-h = [400, 400, 400]\n"
        + "snapshot { steps = 6 }, max-displacement = 6 }").orThrow();
    assertEquals(haloBytes(plan, new Layout(1, 8, 1)), haloBytes(plan, new Layout(1, 16, 1)));
  }

  private static long haloBytes(JobPlan plan, Layout layout) {
    return plan.forecast(layout, new Sharing(layout.ranks(), 1)).orElseThrow().ranks().getLast().bytes()
        .get("halo-add");
  }

  @Test
  void shouldPlanJobsOfAnyShape() throws Exception {
    explore(20261130, 60, 0);
  }

  @Test
  void shouldRunJobsOfAnyShape() throws Exception {
    explore(77, 0, 6);
  }

  @Test
  @Tag("slow")
  void shouldPlanAndRunManyJobsOfAnyShape() throws Exception {
    explore(Long.getLong("halocline.shapes.seed", 4711), 400, Integer.getInteger("halocline.shapes", 40));
  }

  private void explore(long seed, int plans, int runsWanted) throws Exception {
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    try (JobNode node = runsWanted > 0 ? JobNode.start(LANES, OptionalLong.empty()) : null) {
      int refused = 0;
      for (int round = 0; round < plans + runsWanted; round++) {
        String text = job(random, round < plans);
        try {
          Checked<JobPlan> checked = check(text);
          for (Problem problem : checked.problems())
            assertFalse(problem.key().isBlank() || problem.bound().isBlank() || problem.remedy().isBlank(),
                problem::toString);
          refused += checked.isValid() ? 0 : 1;
          if (checked.isValid())
            for (int cut = 0; cut < 3; cut++)
              assertForeseen(checked.orThrow(), layout(random));
          if (checked.isValid() && round >= plans)
            assertSameOnEveryLayout(node, text, checked.orThrow(), layout(random));
        } catch (Exception | AssertionError thrown) {
          throw new AssertionError("round " + round + " of seed " + seed + ":\n" + text, thrown);
        }
      }
      System.out.println(refused + " of " + (plans + runsWanted) + " refused");
    }
  }

  private static void assertForeseen(JobPlan plan, Layout layout) {
    switch (plan.cost(layout)) {
      case LayoutCost.Refused(List<Problem> problems) -> problems
          .forEach(problem -> assertFalse(problem.remedy().isBlank(), problem::toString));
      case LayoutCost.Bytes bytes -> {
        assertTrue(bytes.largestRankBytes() > 0);
        Forecast forecast = plan.forecast(layout, new Sharing(layout.ranks(), 1)).orElseThrow();
        assertTrue(forecast.seconds() > 0 && forecast.seconds() < 1e6, forecast::toString);
        for (Forecast.Sent sent : forecast.ranks())
          assertEquals(layout.ranks() > 1, sent.bytes().values().stream().anyMatch(all -> all > 0)
              && sent.rounds() > 0, sent::toString);
      }
    }
  }

  private void assertSameOnEveryLayout(JobNode node, String text, JobPlan plan, Layout other) throws Exception {
    String whole = outcome(node, text, new Layout(1, 1, 1));
    if (plan.cost(other) instanceof LayoutCost.Bytes)
      assertEquals(whole, outcome(node, text, other), () -> "on " + other);
  }

  /** Digests of the results, or why it was refused. */
  private String outcome(JobNode node, String text, Layout layout) throws Exception {
    JobNode.Ended ended = node.run(text + Fixtures.layout(layout.x(), layout.y()), directory,
        directory.resolve("run-" + runs++));
    return switch (ended.last()) {
      case JobEvent.Failed(boolean badInput, String message) -> {
        assertTrue(badInput && message.contains("must be") && message.contains(": change "), message);
        assertEquals(Map.of(), digests(ended.directory()));
        yield message;
      }
      default -> digests(ended.finished(".")).toString();
    };
  }

  private static Map<String, String> digests(Path run) throws IOException {
    Map<String, String> digests = new TreeMap<>();
    try (Stream<Path> files = Files.list(run)) {
      for (Path file : files.toList())
        if (file.toString().matches(".*(\\.npy|gradient\\.json|power\\.csv)"))
          digests.put(file.getFileName().toString(), Digests.sha256(file));
    }
    return digests;
  }

  private Checked<JobPlan> check(String text) {
    return JobFile.parse("job.conf", directory, text).then(KINDS::check).map(JobKinds.CheckedJob::plan);
  }

  private static Layout layout(Random random) {
    int[][] cuts = {{1, 2}, {2, 1}, {1, 3}, {3, 1}, {2, 2}, {3, 2}, {2, 3}, {6, 1}, {1, 5}};
    int[] cut = cuts[random.nextInt(cuts.length)];
    return new Layout(1, cut[0], cut[1]);
  }

  /** @param vast whether the mesh may be larger than any that is run in a test */
  private String job(Random random, boolean vast) throws IOException {
    int[] mesh = vast && random.nextBoolean() ? vastMesh(random) : mesh(random);
    boolean cone = random.nextBoolean();
    boolean gradient = random.nextBoolean() && (long) mesh[0] * mesh[1] * mesh[2] <= MOST_CELLS;
    StringBuilder text = new StringBuilder("kind = ").append(gradient ? "gradient" : "simulate")
        .append("\nsimulation {\n  mesh = ").append(Arrays.toString(mesh)).append(", box-mpc-h = ")
        .append(box(random, mesh, cone)).append(", seed = ").append(random.nextInt()).append('\n');
    int steps = 1 + random.nextInt(7);
    if (cone)
      text.append("  light-cone { steps-before = ").append(steps).append(", planes = ")
          .append(divisor(random, mesh[2])).append(" }\n");
    else
      text.append("  snapshot { steps = ").append(steps).append(", spacing = ")
          .append(List.of("a", "log-a", "growth").get(random.nextInt(3))).append(" }\n");
    text.append("  lpt-order = ").append(1 + random.nextInt(2)).append(", scheme = ")
        .append(random.nextBoolean() ? "bullfrog" : "fastpm").append('\n');
    if (random.nextInt(3) == 0)
      text.append("  max-displacement = ").append(limit(random)).append('\n');
    if (random.nextInt(3) == 0)
      text.append("  a-initial = ").append(number(random, 0.02, 0.5)).append('\n');
    text.append("}\n");
    if (random.nextBoolean())
      text.append("cosmology { omega-m = ").append(number(random, 0.1, 0.9)).append(", sigma8 = ")
          .append(number(random, 0.1, 3)).append(", w0 = ").append(-number(random, 0.2, 3)).append(", wa = ")
          .append(number(random, 0.5, 4) - 2).append(" }\n");
    boolean map = cone && random.nextBoolean();
    if (map)
      text.append("lensing { field-of-view-deg = 5, pixels = 6, sources = \"").append(sources())
          .append("\", allow-truncated-sources = true }\n");
    if (gradient)
      text.append(map
          ? "data { map = \"" + data(2, 6, 6) + "\", sigma-pixel = 0.1 }\n"
          : "data { density = \"" + data(mesh) + "\", sigma = 1 }\n");
    return text.toString();
  }

  private static int[] mesh(Random random) {
    int[] mesh = new int[3];
    do {
      for (int axis = 0; axis < 3; axis++)
        mesh[axis] = SIDES[random.nextInt(SIDES.length)];
      if (random.nextInt(8) == 0)
        mesh[random.nextInt(3)] = 64 << random.nextInt(4);
      if (random.nextInt(12) == 0)
        Arrays.fill(mesh, 2 + random.nextInt(2));
    } while ((long) mesh[0] * mesh[1] * mesh[2] > MOST_CELLS);
    return mesh;
  }

  private static int[] vastMesh(Random random) {
    return random.ints(3, 1, 14).map(bits -> (1 << bits) - random.nextInt(1 << (bits - 1))).toArray();
  }

  /** Cells of some Mpc/h, of very different sides now and then; light cones as long as their mesh allows for. */
  private static String box(Random random, int[] mesh, boolean cone) {
    double cell = number(random, random.nextInt(8) == 0 ? 1e-3 : 1, 60);
    double[] box = new double[3];
    for (int axis = 0; axis < 3; axis++)
      box[axis] = mesh[axis] * cell * (random.nextInt(3) == 0 ? number(random, 0.01, 50) : 1);
    if (cone)
      box[2] = number(random, 100, 5000);
    return Arrays.stream(box).mapToObj(side -> String.format(Locale.ROOT, "%.3f", side))
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private static String limit(Random random) {
    List<Double> limits = Stream.generate(() -> number(random, random.nextInt(5) == 0 ? 1e-9 : 0.5, 20)).limit(3)
        .toList();
    return random.nextInt(3) == 0 ? limits.getFirst().toString() : limits.toString();
  }

  private static double number(Random random, double from, double to) {
    return from * Math.pow(to / from, random.nextDouble());
  }

  private static int divisor(Random random, int cells) {
    int wanted = 1 + random.nextInt(Math.min(cells, 12));
    while (cells % wanted != 0)
      wanted--;
    return wanted;
  }

  private String data(int... shape) throws IOException {
    String name = "data-" + Arrays.stream(shape).mapToObj(Integer::toString).collect(Collectors.joining("x")) + ".npy";
    if (!Files.exists(directory.resolve(name))) {
      Random random = new Random(5);
      float[] values = new float[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
      for (int i = 0; i < values.length; i++)
        values[i] = (float) random.nextGaussian();
      NpyWriter.write(directory.resolve(name), values, shape);
    }
    return name;
  }

  private String sources() throws IOException {
    Files.writeString(directory.resolve("nz.csv"), "z,bin0,bin1\n0.0,0.0,0.0\n0.2,1.0,0.1\n0.4,0.5,1.0\n0.8,0.0,0.0\n");
    return "nz.csv";
  }
}
