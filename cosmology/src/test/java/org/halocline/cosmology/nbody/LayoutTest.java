package org.halocline.cosmology.nbody;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.halocline.cosmology.core.CoreKernels;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.kernel.Memory;
import org.halocline.cosmology.mesh.Block;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.observe.LightCone;
import org.halocline.cosmology.random.Seeds;
import org.halocline.cosmology.timeline.Edges;
import org.halocline.cosmology.timeline.Scheme;
import org.halocline.cosmology.timeline.Spacing;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A run's numbers depend on neither the layout nor the timing, bit for bit. */
@Timeout(300)
class LayoutTest {

  record Case(Mesh mesh, int lptOrder, Scheme scheme, Edges edges, double max) {
    SimulationPlan plan() throws Exception {
      return Cases.plan(mesh, lptOrder, scheme, edges, max);
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
        new Case(new Mesh(12, 10, 16, 110, 105, 170), 2, Scheme.BULLFROG, new Edges.LightCone(4, 4, 170), 4),
        new Case(new Mesh(7, 13, 10, 70, 150, 90), 2, Scheme.BULLFROG, new Edges.Snapshot(5, Spacing.LOG_A), 6.5),
        new Case(new Mesh(9, 6, 12, 100, 50, 120), 1, Scheme.FASTPM, new Edges.LightCone(3, 3, 120), 5),
        new Case(new Mesh(3, 4, 2, 40, 40, 40), 2, Scheme.FASTPM, new Edges.Snapshot(4, Spacing.LOG_A), 9));
  }

  /** Everything a run makes, as bits. */
  private record Bits(int[][] x, int[][] p, int[] density, long[] planes, int[] gradient, long[] theta) {
    void assertSame(Bits other, String where) {
      for (int axis = 0; axis < 3; axis++) {
        assertArrayEquals(x[axis], other.x[axis], where + " x" + axis);
        assertArrayEquals(p[axis], other.p[axis], where + " p" + axis);
      }
      assertArrayEquals(density, other.density, where + " density");
      assertArrayEquals(planes, other.planes, where + " planes");
      assertArrayEquals(gradient, other.gradient, where + " gradient by z");
      assertArrayEquals(theta, other.theta, where + " gradient by θ");
    }
  }

  /** Of a new chain on the kind of lane that is tested. */
  Kernels kernels() {
    return CoreKernels.of();
  }

  private interface Start {
    <T> List<T> run(Decomposition d, Domains.Rank<T> program) throws Exception;
  }

  private Bits bits(Case c, Decomposition d, float[] noise, Start start) throws Exception {
    return bits(c, d, noise, 1, start);
  }

  private Bits bits(Case c, Decomposition d, float[] noise, int passes, Start start) throws Exception {
    SimulationPlan plan = c.plan();
    Mesh mesh = c.mesh;
    int count = (int) mesh.size();
    int[][] x = new int[3][count];
    int[][] p = new int[3][count];
    float[] density = new float[count];
    float[] gradient = new float[count];
    double[][] planes = new double[1][];
    List<double[]> thetas = start.run(d, (rank, port) -> {
      Kernels kernels = kernels();
      Block block = d.block(rank);
      try (Memory memory = kernels.memory(); Simulation s = new Simulation(plan, d, rank, kernels, port)) {
        Floats z = Cases.floats(memory, mesh, block, noise);
        Floats bar = memory.floats(block.size());
        Observable seen = Cases.observable(s);
        s.forward(Cases.LCDM, z, seen);
        for (int pass = 1; pass < passes; pass++) {
          s.reverse(Cases.withCotangent(seen), z, bar);
          s.forward(Cases.LCDM, z, seen);
        }
        for (int axis = 0; axis < 3; axis++) {
          Cases.collect(memory, mesh, block, s.particles().x()[axis], x[axis]);
          Cases.collect(memory, mesh, block, s.particles().p()[axis], p[axis]);
        }
        double[] own = seen instanceof LightCone cone ? cone.planes() : new double[0];
        if (rank == 0)
          planes[0] = own;
        Cases.collect(memory, mesh, block, s.density(), density);
        double[] theta = s.reverse(Cases.withCotangent(seen), z, bar);
        Cases.collect(memory, mesh, block, bar, gradient);
        return theta;
      }
    });
    for (double[] theta : thetas) {
      assertArrayEquals(thetas.getFirst(), theta, "θ on every rank");
      for (double value : theta)
        assertTrue(Double.isFinite(value));
    }
    return new Bits(x, p, raw(density), raw(planes[0]), raw(gradient), raw(thetas.getFirst()));
  }

  private static int[] raw(float[] values) {
    int[] bits = new int[values.length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
    return bits;
  }

  private static long[] raw(double[] values) {
    return Arrays.stream(values).mapToLong(Double::doubleToRawLongBits).toArray();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldMakeTheSameBitsOnEveryLayout(Case c) throws Exception {
    float[] noise = Seeds.floats(Seeds.random("layouts", 5), (int) c.mesh.size());
    List<Decomposition> layouts = Cases.layouts(c.mesh);
    Bits whole = bits(c, layouts.getFirst(), noise, Domains::run);
    for (Decomposition d : layouts.subList(1, layouts.size()))
      whole.assertSame(bits(c, d, noise, Domains::run), Cases.name(d));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldMakeTheSameBitsWithRanksHeldUpAtRandom(Case c) throws Exception {
    SplittableRandom random = Seeds.random("jitter", 6);
    float[] noise = Seeds.floats(random, (int) c.mesh.size());
    Bits whole = bits(c, Decomposition.even(c.mesh, 1, 1), noise, Domains::run);
    Decomposition d = Decomposition.even(c.mesh, 3, 2);
    for (int round = 0; round < 2; round++) {
      long seed = random.nextLong();
      whole.assertSame(bits(c, d, noise, new Start() {
        @Override
        public <T> List<T> run(Decomposition layout, Domains.Rank<T> program) throws Exception {
          return Domains.runJittered(layout, seed, program);
        }
      }), "round " + round + " of seed " + seed);
    }
  }

  /** A later pass through the same simulation owes nothing to the first. */
  @ParameterizedTest
  @MethodSource("cases")
  void shouldRepeatItselfInTheSameMemory(Case c) throws Exception {
    float[] noise = Seeds.floats(Seeds.random("again", 7), (int) c.mesh.size());
    Decomposition d = Decomposition.even(c.mesh, 2, 1);
    bits(c, d, noise, 1, Domains::run).assertSame(bits(c, d, noise, 3, Domains::run), "third time");
  }
}
