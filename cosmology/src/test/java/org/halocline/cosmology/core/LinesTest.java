package org.halocline.cosmology.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.halocline.cosmology.background.Cosmology;
import org.halocline.cosmology.core.lines.DifferenceLines;
import org.halocline.cosmology.core.lines.ParticleLines;
import org.halocline.cosmology.core.lines.ScalarDifferenceLines;
import org.halocline.cosmology.core.lines.ScalarParticleLines;
import org.halocline.cosmology.core.lines.VectorDifferenceLines;
import org.halocline.cosmology.core.lines.VectorParticleLines;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.Memory;
import org.halocline.cosmology.mesh.Grid;
import org.halocline.cosmology.power.ModeTable;
import org.halocline.cosmology.power.RootPower;
import org.halocline.cosmology.random.Seeds;
import org.halocline.cosmology.theta.LimitException;
import org.halocline.cosmology.timeline.Edges;
import org.halocline.cosmology.timeline.Scheme;
import org.halocline.cosmology.timeline.Spacing;
import org.halocline.cosmology.timeline.StepCoefficients;
import org.halocline.cosmology.timeline.Timeline;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is worked out a line at a time, against the same numbers one by one, to the bit. */
@Timeout(300)
class LinesTest {
  private static final int[] STARTS = {0, 17, 40, 3};

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 31, 64, 101})
  void shouldTakeDifferencesInVectorsAsOneByOne(int count) {
    SplittableRandom random = Seeds.random("differences of " + count, 71);
    float[] f = Seeds.floats(random, 160);
    float[] start = Seeds.floats(random, 120);
    float[][] expected = {start.clone(), start.clone()};
    float[][] found = {start.clone(), start.clone()};
    each(new ScalarDifferenceLines(), f, count, expected);
    each(new VectorDifferenceLines(), f, count, found);
    assertArrayEquals(expected[0], found[0], "written");
    assertArrayEquals(expected[1], found[1], "added");
    for (int k = 0; k < start.length; k++) {
      float difference = k < 5 || k >= 5 + count
          ? 0
          : 0.3f * (8 * (f[40 + k - 5] - f[17 + k - 5]) - (f[3 + k - 5] - f[k - 5]));
      assertEquals(k < 5 || k >= 5 + count ? start[k] : difference, found[0][k]);
      assertEquals(start[k] + difference, found[1][k]);
    }
  }

  private static void each(DifferenceLines lines, float[] f, int count, float[][] out) {
    lines.write(f, STARTS[0], STARTS[1], STARTS[2], STARTS[3], 0.3f, out[0], 5, count);
    lines.add(f, STARTS[0], STARTS[1], STARTS[2], STARTS[3], 0.3f, out[1], 5, count);
  }

  /** The source of second order against its derivatives, each taken as a mesh of its own. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8, 21})
  void shouldMakeMinorsOfSecondDifferences(int nz) {
    Memory memory = new CoreMemory();
    Grid wide = new Grid(5, 4, nz, 4, 0);
    Grid plain = new Grid(5, 4, nz, 0, 0);
    float[] values = Seeds.floats(Seeds.random("minors of " + nz, 72), (int) wide.size());
    Floats potential = memory.floats(wide.size());
    memory.write(values, 0, potential, 0, values.length);
    double[] cells = {0.7, 1.9, 1.2};
    for (ParticleLines lines : new ParticleLines[]{new ScalarParticleLines(), new VectorParticleLines()}) {
      CoreMeshes meshes = new CoreMeshes(lines.differences(), () -> {});
      float[][][] second = new float[3][3][];
      for (int i = 0; i < 3; i++)
        for (int j = i; j < 3; j++) {
          // A pair is taken in cyclic order.
          boolean cyclic = j != i + 2;
          Floats out = memory.floats(plain.size());
          meshes.secondDifference(potential, wide, cyclic ? i : j, cyclic ? j : i, 1 / (cells[i] * cells[j]), false,
              out, plain);
          second[i][j] = CoreFields.of(out);
        }
      Floats source = memory.floats(plain.size());
      meshes.secondOrderSource(potential, wide, cells, source, plain);
      for (int n = 0; n < plain.size(); n++) {
        float sum = minor(second, 0, 1, n) + minor(second, 1, 2, n) + minor(second, 0, 2, n);
        assertEquals(sum, CoreFields.of(source)[n], "cell " + n);
      }
    }
  }

  private static float minor(float[][][] second, int i, int j, int n) {
    return second[i][i][n] * second[j][j][n] - second[i][j][n] * second[i][j][n];
  }

  @Test
  void shouldInterpolateALineOfModesAsOneByOne() throws LimitException {
    double kMin = 0.01;
    double kMax = 2;
    RootPower power = StepCoefficients.compute(new Cosmology(0.31, 0.0486, 0.6774, 0.9667, 0.82, -1, 0, 0).theta(),
        new Timeline(0.1, 2, Scheme.BULLFROG, new Edges.Snapshot(4, Spacing.LOG_A)), kMax, kMin)
        .rootPower();
    SplittableRandom random = Seeds.random("modes", 73);
    // Beyond the table at both ends too, and the mean.
    double[] squares = random.doubles(1003, 0, 1.2 * kMax * kMax).toArray();
    squares[0] = 0;
    squares[1] = kMin * kMin / 4;
    ModeLine line = new ModeLine(squares);
    double[] found = new double[squares.length];
    ModeTable[] tables = {power.table(), power.derivatives().get(RootPower.PARAMETERS.indexOf(Cosmology.H))};
    for (double squareXY : new double[]{0, 0.3 * kMin * kMin, 1.7}) {
      line.at(squareXY);
      for (ModeTable table : tables) {
        line.interpolate(table, found);
        for (int k = 0; k < squares.length; k++) {
          double square = squareXY + squares[k];
          assertEquals(square, line.square[k]);
          assertEquals(table.atArgument(Math.sqrt(Math.sqrt(Math.sqrt(square)))), found[k],
              "k² = " + square);
        }
      }
    }
  }
}
