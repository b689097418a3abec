package org.halocline.cosmology.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.halocline.cosmology.core.lines.VectorParticleLines;
import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.Field.Ints;
import org.halocline.cosmology.kernel.FixedPoint;
import org.halocline.cosmology.kernel.ForceBlock;
import org.halocline.cosmology.kernel.ParticleSet;
import org.halocline.cosmology.kernel.Potential;
import org.halocline.cosmology.mesh.Grid;
import org.halocline.cosmology.random.Seeds;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Kernels whose ghosts come, or leave, in the middle of them: the bits of those whose ghosts are there from the start.
 */
@Timeout(300)
class TravellingGhostsTest {
  private static final FixedPoint UNITS = new FixedPoint(24, 0x1p-26, 20);
  private static final double[] CELLS = {9, 11, 10};
  private static final double[] DRIFTS = {0.3, -0.2};
  private static final double K = 7;

  /** @param apart whether some rows touch no ghost, so that ghosts may travel meanwhile */
  record Case(int nx, int ny, int nz, int reach, boolean haloX, boolean haloY, boolean apart) {
    Grid grid(int wider) {
      return new Grid(nx, ny, nz, haloX ? reach + wider : 0, haloY ? reach + wider : 0);
    }

    int[] reaches() {
      return new int[]{reach, reach, reach};
    }

    int count() {
      return nx * ny * nz;
    }
  }

  static Stream<Case> cases() {
    return Stream.of(new Case(20, 5, 9, 3, true, false, true), new Case(7, 3, 300, 1, true, false, true),
        new Case(9, 150, 256, 2, true, false, true), new Case(10, 4, 6, 3, true, false, false),
        new Case(2, 4, 6, 3, true, false, false), new Case(20, 5, 9, 3, true, true, false),
        new Case(20, 5, 9, 3, false, true, false), new Case(20, 5, 9, 3, false, false, false));
  }

  private final CoreMemory memory = new CoreMemory();
  private final CoreParticles particles = new CoreParticles(new VectorParticleLines(), () -> {});

  private Ints[] ints(SplittableRandom random, int count, int largest) {
    Ints[] fields = new Ints[3];
    for (int axis = 0; axis < 3; axis++) {
      fields[axis] = memory.ints(count);
      memory.write(random.ints(count, -largest, largest).toArray(), 0, fields[axis], 0, count);
    }
    return fields;
  }

  private Floats floats(float[] values) {
    Floats field = memory.floats(values.length);
    memory.write(values, 0, field, 0, values.length);
    return field;
  }

  private Floats[] floats(SplittableRandom random, int count) {
    return new Floats[]{floats(Seeds.floats(random, count)), floats(Seeds.floats(random, count)),
        floats(Seeds.floats(random, count))};
  }

  /** Everything a kick and its reverse touch, the same for the same seed. */
  private final class Run {
    final Case c;
    final Ints[] x;
    final Ints[] p;
    final Floats[] pi;
    final Floats[] xi;
    final float[] whole;
    final Floats mesh;
    final ParticleSet set;
    final Potential force;
    final ExactSum sum = new ExactSum();
    final AtomicInteger arrivals = new AtomicInteger();
    final int wider;

    Run(Case c, int wider) {
      SplittableRandom random = Seeds.random("ghosts " + c, 31);
      this.c = c;
      this.wider = wider;
      this.x = ints(random, c.count(), c.reach << 24);
      this.p = ints(random, c.count(), 1 << 20);
      this.pi = floats(random, c.count());
      this.xi = floats(random, c.count());
      this.whole = Seeds.floats(random, (int) c.grid(wider).size());
      this.mesh = floats(whole);
      this.set = new ParticleSet(x, p, xi, pi, c.grid(0), UNITS);
      this.force = new Potential(mesh, c.grid(2), CELLS,
          memory.floats(ForceBlock.of(c.grid(2), c.reaches()).floats(c.reaches())));
    }

    /** Until {@link #arrive} ghosts are NaN, which would show in every number that they touch. */
    Run spoilGhosts() {
      float[] spoilt = new float[whole.length];
      Arrays.fill(spoilt, Float.NaN);
      Grid grid = c.grid(wider);
      for (int i = 0; i < grid.nx(); i++)
        for (int j = 0; j < grid.ny(); j++)
          System.arraycopy(whole, grid.line(i, j), spoilt, grid.line(i, j), grid.nz());
      memory.write(spoilt, 0, mesh, 0, spoilt.length);
      return this;
    }

    void arrive() {
      arrivals.incrementAndGet();
      memory.write(whole, 0, mesh, 0, whole.length);
    }

    void assertSame(Run other) {
      assertEquals(1, other.arrivals.get());
      for (int axis = 0; axis < 3; axis++) {
        assertArrayEquals(CoreFields.of(x[axis]), CoreFields.of(other.x[axis]));
        assertArrayEquals(CoreFields.of(p[axis]), CoreFields.of(other.p[axis]));
        assertArrayEquals(CoreFields.of(xi[axis]), CoreFields.of(other.xi[axis]));
      }
      assertEquals(sum.value(), other.sum.value());
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldKickBeforeGhostsCome(Case c) {
    Run at = new Run(c, 2);
    Run travelling = new Run(c, 2).spoilGhosts();
    int[] before = CoreFields.of(at.p[0]).clone();
    var moved = particles.kick(at.set, c.reaches(), at.force, K, DRIFTS, () -> {});
    var late = particles.kick(travelling.set, c.reaches(), travelling.force, K, DRIFTS, () -> {
      assertEquals(c.apart, !Arrays.equals(before, CoreFields.of(travelling.p[0])), "kicked meanwhile");
      travelling.arrive();
    });
    assertEquals(moved.momentum(), late.momentum());
    assertArrayEquals(moved.displacements(), late.displacements());
    at.assertSame(travelling);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldTakeAKickBackBeforeGhostsCome(Case c) {
    Run at = new Run(c, 2);
    Run travelling = new Run(c, 2).spoilGhosts();
    particles.kickTranspose(at.set, c.reaches(), at.force, K, at.sum, () -> {});
    particles.kickTranspose(travelling.set, c.reaches(), travelling.force, K, travelling.sum, travelling::arrive);
    at.assertSame(travelling);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldReadACotangentBeforeGhostsCome(Case c) {
    Run at = new Run(c, 0);
    Run travelling = new Run(c, 0).spoilGhosts();
    particles.paintTranspose(at.set, c.reaches(), at.mesh, c.grid(0), () -> {});
    particles.paintTranspose(travelling.set, c.reaches(), travelling.mesh, c.grid(0), travelling::arrive);
    at.assertSame(travelling);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldPaintOnWhenGhostsAreDone(Case c) {
    Run run = new Run(c, 0);
    int size = (int) c.grid(0).size();
    Ints[] painted = {memory.ints(size), memory.ints(size), memory.ints(size), memory.ints(size)};
    int[][] left = new int[2][];
    particles.paint(run.set, c.reaches(), painted[0], c.grid(0), () -> {});
    particles.paint(run.set, c.reaches(), painted[1], c.grid(0),
        () -> left[0] = CoreFields.of(painted[1]).clone());
    particles.paintCotangent(run.set, c.reaches(), run.pi[0], 0.3 * 0x1p22, painted[2], c.grid(0), () -> {});
    particles.paintCotangent(run.set, c.reaches(), run.pi[0], 0.3 * 0x1p22, painted[3], c.grid(0),
        () -> left[1] = CoreFields.of(painted[3]).clone());
    for (int i = 0; i < 2; i++) {
      int[] expected = CoreFields.of(painted[2 * i]);
      assertArrayEquals(expected, CoreFields.of(painted[2 * i + 1]));
      if (c.apart)
        assertNotEquals(Arrays.hashCode(expected), Arrays.hashCode(left[i]), "nothing was painted meanwhile");
      assertGhostsEqual(c.grid(0), expected, left[i]);
    }
  }

  private static void assertGhostsEqual(Grid grid, int[] expected, int[] found) {
    for (int i = -grid.haloX(); i < grid.nx() + grid.haloX(); i++)
      for (int j = -grid.haloY(); j < grid.ny() + grid.haloY(); j++)
        if (i < 0 || i >= grid.nx() || j < 0 || j >= grid.ny())
          for (int k = 0; k < grid.nz(); k++)
            assertEquals(expected[grid.line(i, j) + k], found[grid.line(i, j) + k], "ghost " + i + ", " + j);
  }
}
