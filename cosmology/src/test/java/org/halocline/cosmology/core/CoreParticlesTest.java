package org.halocline.cosmology.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.halocline.cosmology.core.lines.ParticleLines;
import org.halocline.cosmology.core.lines.ScalarParticleLines;
import org.halocline.cosmology.core.lines.VectorParticleLines;
import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.Field.Ints;
import org.halocline.cosmology.kernel.FixedPoint;
import org.halocline.cosmology.kernel.ForceBlock;
import org.halocline.cosmology.kernel.Memory;
import org.halocline.cosmology.kernel.ParticleSet;
import org.halocline.cosmology.kernel.Particles.Moved;
import org.halocline.cosmology.kernel.Potential;
import org.halocline.cosmology.mesh.Grid;
import org.halocline.cosmology.random.Seeds;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Vectors against the scalar arithmetic, to the bit, and a kick's transpose against derivatives worked out in double.
 */
@Timeout(300)
class CoreParticlesTest {
  private static final FixedPoint UNITS = new FixedPoint(24, 0x1p-26, 20);
  private static final double[] CELLS = {9, 11, 10};
  private static final double K = 7;

  record Case(int nx, int ny, int nz, double max, boolean halo) {
    Grid grid(int wider) {
      int width = halo ? reach()[0] + wider : 0;
      return new Grid(nx, ny, nz, width, width);
    }

    int[] reach() {
      int cells = (int) max + 1;
      return new int[]{cells, cells, cells};
    }

    int count() {
      return nx * ny * nz;
    }
  }

  static Stream<Case> cases() {
    return Stream.of(new Case(6, 5, 40, 2.5, false), new Case(5, 7, 33, 3, true), new Case(3, 2, 300, 9.7, false),
        new Case(4, 3, 270, 1.2, true), new Case(2, 40, 259, 0.9, true), new Case(4, 4, 4, 11.3, false),
        new Case(1, 1, 7, 1, true));
  }

  private final Memory memory = new CoreMemory();

  private Ints[] positions(Case c, SplittableRandom random) {
    int largest = (int) (c.max * 0x1p24);
    Ints[] x = new Ints[3];
    for (int axis = 0; axis < 3; axis++) {
      int[] values = random.ints(c.count(), -largest, largest + 1).toArray();
      values[0] = largest;
      values[c.count() - 1] = -largest;
      x[axis] = ints(values);
    }
    return x;
  }

  private Ints ints(int[] values) {
    Ints field = memory.ints(values.length);
    memory.write(values, 0, field, 0, values.length);
    return field;
  }

  private Floats floats(float[] values) {
    Floats field = memory.floats(values.length);
    memory.write(values, 0, field, 0, values.length);
    return field;
  }

  private static void assertSame(Ints[] expected, Ints[] found) {
    for (int i = 0; i < expected.length; i++)
      assertArrayEquals(CoreFields.of(expected[i]), CoreFields.of(found[i]), "field " + i);
  }

  private static void assertSame(Floats[] expected, Floats[] found) {
    for (int i = 0; i < expected.length; i++)
      assertArrayEquals(CoreFields.of(expected[i]), CoreFields.of(found[i]), "field " + i);
  }

  /** One of each kernel on fresh fields made of the same seed. */
  private final class Run {
    final CoreParticles particles;
    final Case c;
    final Ints[] x;
    final Ints[] p = new Ints[3];
    final Floats[] pi = new Floats[3];
    final Floats[] xi = new Floats[3];
    final ParticleSet set;
    final Floats potential;
    final Potential force;
    final ExactSum sum = new ExactSum();

    Run(ParticleLines lines, Case c, int seed) {
      SplittableRandom random = Seeds.random("particles " + c, seed);
      this.particles = new CoreParticles(lines, () -> {});
      this.c = c;
      this.x = positions(c, random);
      for (int axis = 0; axis < 3; axis++) {
        p[axis] = ints(random.ints(c.count(), -(1 << 20), 1 << 20).toArray());
        pi[axis] = floats(Seeds.floats(random, c.count()));
        xi[axis] = floats(Seeds.floats(random, c.count()));
      }
      this.potential = floats(Seeds.floats(random, (int) c.grid(2).size()));
      this.force = new Potential(potential, c.grid(2), CELLS,
          memory.floats(ForceBlock.of(c.grid(2), c.reach()).floats(c.reach())));
      this.set = new ParticleSet(x, p, xi, pi, c.grid(0), UNITS);
    }

    void paint(Ints[] into) {
      particles.paint(set, c.reach(), into[0], c.grid(0), () -> {});
      particles.paintCotangent(set, c.reach(), pi[0], 0.3 * 0x1p22, into[1], c.grid(0), () -> {});
    }

    void paintTranspose() {
      particles.paintTranspose(set, c.reach(), potential, c.grid(0), () -> {});
    }

    double kick() {
      return kick(new double[0]).momentum();
    }

    Moved kick(double[] drifts) {
      return particles.kick(set, c.reach(), force, K, drifts, () -> {});
    }

    void kickTranspose() {
      particles.kickTranspose(set, c.reach(), force, K, sum, () -> {});
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldMakeTheSameBitsInVectors(Case c) {
    Run scalar = new Run(new ScalarParticleLines(), c, 1);
    Run vector = new Run(new VectorParticleLines(), c, 1);
    Ints[] painted = {memory.ints(c.grid(0).size()), memory.ints(c.grid(0).size())};
    Ints[] expected = {memory.ints(c.grid(0).size()), memory.ints(c.grid(0).size())};
    scalar.paint(expected);
    vector.paint(painted);
    assertSame(expected, painted);
    assertEquals(scalar.kick(), vector.kick());
    assertSame(scalar.p, vector.p);
    scalar.kickTranspose();
    vector.kickTranspose();
    assertSame(scalar.p, vector.p);
    assertSame(scalar.xi, vector.xi);
    assertEquals(scalar.sum.value(), vector.sum.value());
    scalar.paintTranspose();
    vector.paintTranspose();
    assertSame(scalar.xi, vector.xi);
    assertArrayEquals(scalar.particles.drift(scalar.set, 0.7, -1), vector.particles.drift(vector.set, 0.7, -1));
    assertSame(scalar.x, vector.x);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldDriftWithAKickAsAfterIt(Case c) {
    double[] drifts = {0.7, -1.3, 0.2};
    Run together = new Run(new VectorParticleLines(), c, 3);
    Run apart = new Run(new VectorParticleLines(), c, 3);
    Moved moved = together.kick(drifts);
    assertEquals(apart.kick(), moved.momentum());
    assertEquals(drifts.length, moved.displacements().length);
    for (int i = 0; i < drifts.length; i++)
      assertArrayEquals(apart.particles.drift(apart.set, drifts[i], 1), moved.displacements()[i], "drift " + i);
    assertSame(apart.p, together.p);
    assertSame(apart.x, together.x);
    Moved bad = together.kick(new double[]{Double.NaN});
    assertTrue(Double.isNaN(bad.displacements()[0][1]), "a drift that is not finite shows");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldTakeDriftsBackTogetherAsOneByOne(Case c) {
    double[] cs = {0.7, -1.3};
    Run together = new Run(new VectorParticleLines(), c, 4);
    Run apart = new Run(new VectorParticleLines(), c, 4);
    ExactSum[] sums = {new ExactSum(), new ExactSum(), new ExactSum(), new ExactSum()};
    double[] largest = together.particles.driftTranspose(together.set, cs, new ExactSum[]{sums[0], sums[1]});
    double[] last = new double[0];
    for (int i = 0; i < 2; i++)
      last = apart.particles.driftTranspose(apart.set, new double[]{cs[i]}, new ExactSum[]{sums[2 + i]});
    assertArrayEquals(last, largest);
    assertEquals(sums[2].value(), sums[0].value());
    assertEquals(sums[3].value(), sums[1].value());
    assertSame(apart.x, together.x);
    assertSame(apart.pi, together.pi);
    for (int i = 1; i >= 0; i--)
      together.particles.drift(together.set, cs[i], 1);
    assertSame(new Run(new VectorParticleLines(), c, 4).x, together.x);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldUndoAKickAndPullItsCotangentBack(Case c) {
    Run run = new Run(new VectorParticleLines(), c, 2);
    int[][] before = new int[3][];
    float[][] xi = new float[3][];
    for (int axis = 0; axis < 3; axis++) {
      before[axis] = CoreFields.of(run.p[axis]).clone();
      xi[axis] = CoreFields.of(run.xi[axis]).clone();
    }
    double largest = run.kick();
    double found = 0;
    for (Ints p : run.p)
      for (int value : CoreFields.of(p))
        found = Math.max(found, Math.abs((double) value));
    assertEquals(found, largest);
    int[][] after = new int[3][];
    for (int axis = 0; axis < 3; axis++)
      after[axis] = CoreFields.of(run.p[axis]).clone();
    run.kickTranspose();
    for (int axis = 0; axis < 3; axis++)
      assertArrayEquals(before[axis], CoreFields.of(run.p[axis]), "undone");
    Grid grid = c.grid(2);
    double sum = 0;
    double size = 0;
    for (int n = 0; n < c.count(); n++) {
      int[] site = {n / c.nz / c.ny, n / c.nz % c.ny, n % c.nz};
      double[] pulled = new double[3];
      for (int axis = 0; axis < 3; axis++) {
        double[] read = read(run, grid, site, n, axis);
        double kick = K / CELLS[axis] * read[0];
        assertEquals(kick, (after[axis][n] - before[axis][n]) * UNITS.momentum(), 1e-6 * K, "kick of " + n);
        double pi = CoreFields.of(run.pi[axis])[n];
        sum += pi * read[0] / CELLS[axis];
        size += Math.abs(pi * read[0] / CELLS[axis]);
        for (int by = 0; by < 3; by++)
          pulled[by] += K / CELLS[axis] * pi * read[1 + by];
      }
      for (int by = 0; by < 3; by++)
        assertEquals(xi[by][n] + pulled[by], CoreFields.of(run.xi[by])[n], 1e-5, "ξ of " + n + " axis " + by);
    }
    assertEquals(sum, run.sum.value(), 1e-6 * size);
    assertTrue(size > 0 || c.count() == c.nz, "nothing was pulled");
  }

  /** The force along an axis at a particle, and its derivatives by the position, in double. */
  private static double[] read(Run run, Grid grid, int[] site, int n, int axis) {
    double[] at = new double[3];
    int[] cell = new int[3];
    for (int a = 0; a < 3; a++) {
      double place = CoreFields.of(run.x[a])[n] * UNITS.cell();
      cell[a] = (int) Math.floor(place) + site[a];
      at[a] = place - Math.floor(place);
    }
    double[] read = new double[4];
    for (int corner = 0; corner < 8; corner++) {
      int[] upper = {corner & 1, corner >> 1 & 1, corner >> 2};
      double force = 0;
      for (int s = -2; s <= 2; s++) {
        int[] from = {cell[0] + upper[0], cell[1] + upper[1], cell[2] + upper[2]};
        from[axis] += s;
        double weight = new double[]{1, -8, 0, 8, -1}[s + 2] / 12;
        force -= weight / CELLS[axis] * potential(run, grid, from);
      }
      double[] weight = new double[3];
      for (int a = 0; a < 3; a++)
        weight[a] = upper[a] == 1 ? at[a] : 1 - at[a];
      read[0] += weight[0] * weight[1] * weight[2] * force;
      for (int a = 0; a < 3; a++)
        read[1 + a] += (upper[a] == 1 ? 1 : -1) * weight[(a + 1) % 3] * weight[(a + 2) % 3] * force;
    }
    return read;
  }

  private static double potential(Run run, Grid grid, int[] at) {
    int i = grid.haloX() > 0 ? at[0] : Math.floorMod(at[0], grid.nx());
    int j = grid.haloY() > 0 ? at[1] : Math.floorMod(at[1], grid.ny());
    return CoreFields.of(run.potential)[grid.line(i, j) + Math.floorMod(at[2], grid.nz())];
  }
}
