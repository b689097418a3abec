package org.halocline.cosmology.core;

import java.util.Arrays;
import org.halocline.cosmology.core.ParticleLines.Axis;
import org.halocline.cosmology.core.ParticleLines.Positions;
import org.halocline.cosmology.mesh.ExactSum;
import org.halocline.cosmology.mesh.Field.Floats;
import org.halocline.cosmology.mesh.Field.Ints;
import org.halocline.cosmology.mesh.FixedPoint;
import org.halocline.cosmology.mesh.ForceBlock;
import org.halocline.cosmology.mesh.Grid;
import org.halocline.cosmology.mesh.Particles;

/**
 * Loops over the particles of a block, in pieces of z lines. What a piece needs is worked out first by {@link ParticleLines},
 * then its cells are scattered to or gathered from. Lines are taken in blocks of y, all x of a block before the next: what
 * particles of a block touch stays in a near cache from one x to the next.
 */
final class CoreParticles implements Particles {
  private static final int SITES = PIECE;
  private static final int STRIDE = LineScratch.STRIDE;
  private static final double ROUND = ScalarLines.ROUND;

  private final ParticleLines lines;
  private final LineScratch scratch = new LineScratch();

  CoreParticles(ParticleLines lines) {
    this.lines = lines;
  }

  /** A piece of a z line: sites (i, j, k …), the first of them the block's n-th. */
  private interface Piece {
    void visit(int n, int count, int i, int j, int k);
  }

  private static void forEachPiece(Grid grid, Piece piece) {
    int rows = ForceBlock.of(grid, new int[3]).rows();
    for (int first = 0; first < grid.ny(); first += rows)
      for (int i = 0; i < grid.nx(); i++)
        for (int j = first; j < Math.min(first + rows, grid.ny()); j++)
          for (int k = 0; k < grid.nz(); k += SITES)
            piece.visit((i * grid.ny() + j) * grid.nz() + k, Math.min(SITES, grid.nz() - k), i, j, k);
  }

  private static Positions positions(Ints[] x, FixedPoint units) {
    return new Positions(CoreFields.of(x[0]), CoreFields.of(x[1]), CoreFields.of(x[2]), units.displacementBits());
  }

  /** A mesh as particles see it, and who works out their place on it. */
  private record Place(ParticleLines lines, Positions at, Axis x, Axis y, Axis z) {
    void locate(int n, int count, int i, int j, int k, LineScratch into) {
      lines.locate(at, n, count, i, j, k, x, y, z, into);
    }
  }

  /** Particles that wrap around more than once, on meshes narrower than their displacement, are taken one by one. */
  private Place place(Ints[] x, Grid grid, int[] reach, FixedPoint units) {
    Axis ax = new Axis(grid.nx(), grid.haloX(), grid.strideX());
    Axis ay = new Axis(grid.ny(), grid.haloY(), grid.nz());
    Axis az = new Axis(grid.nz(), 0, 1);
    boolean once = (ax.halo() > 0 || reach[0] <= ax.cells()) && (ay.halo() > 0 || reach[1] <= ay.cells())
        && reach[2] <= az.cells();
    return new Place(once ? lines : new ScalarLines(), positions(x, units), ax, ay, az);
  }

  @Override
  public double drift(Ints x, Ints p, double c, int sign, FixedPoint units) {
    double quanta = c * units.momentum() / units.cell();
    long largest = lines.drift(CoreFields.of(x), CoreFields.of(p), quanta, sign);
    return Double.longBitsToDouble(largest) * units.cell();
  }

  @Override
  public void driftTranspose(Floats xi, Floats pi, Ints p, double c, FixedPoint units, int nz, ExactSum sum) {
    float[] xis = CoreFields.of(xi);
    float[] pis = CoreFields.of(pi);
    int[] ps = CoreFields.of(p);
    float cf = (float) c;
    for (int start = 0; start < ps.length; start += nz) {
      double line = 0;
      for (int i = start; i < start + nz; i++) {
        line += (double) xis[i] * ps[i];
        pis[i] += cf * xis[i];
      }
      sum.add(line * units.momentum());
    }
  }

  @Override
  public void paint(Ints[] x, Grid grid, int[] reach, FixedPoint units, Ints mesh) {
    int[] cells = CoreFields.of(mesh);
    Arrays.fill(cells, 0, Math.toIntExact(grid.size()), 0);
    Place place = place(x, grid, reach, units);
    float mass = units.massUnits();
    forEachPiece(grid, (n, count, i, j, k) -> {
      place.locate(n, count, i, j, k, scratch);
      lines.massWeights(count, mass, scratch);
      scatter(scratch.corner, scratch.up, scratch.weight, count, cells);
    });
  }

  @Override
  public void paintCotangent(Ints[] x, Grid grid, int[] reach, Floats value, double c, double scale, FixedPoint units,
      Ints mesh) {
    int[] cells = CoreFields.of(mesh);
    Arrays.fill(cells, 0, Math.toIntExact(grid.size()), 0);
    Place place = place(x, grid, reach, units);
    float[] values = CoreFields.of(value);
    float factor = (float) (c * scale);
    forEachPiece(grid, (n, count, i, j, k) -> {
      place.locate(n, count, i, j, k, scratch);
      lines.cotangentWeights(values, n, count, factor, scratch);
      scatter(scratch.corner, scratch.up, scratch.weight, count, cells);
    });
  }

  private static void scatter(int[] corner, int[] up, int[] weight, int count, int[] cells) {
    for (int k = 0; k < count; k++) {
      int upper = up[k];
      int cell = corner[k];
      cells[cell] += weight[k];
      cells[cell + upper] += weight[STRIDE + k];
      cell = corner[STRIDE + k];
      cells[cell] += weight[2 * STRIDE + k];
      cells[cell + upper] += weight[3 * STRIDE + k];
      cell = corner[2 * STRIDE + k];
      cells[cell] += weight[4 * STRIDE + k];
      cells[cell + upper] += weight[5 * STRIDE + k];
      cell = corner[3 * STRIDE + k];
      cells[cell] += weight[6 * STRIDE + k];
      cells[cell + upper] += weight[7 * STRIDE + k];
    }
  }

  /** Visits pieces with the window around them. */
  private interface WindowPiece {
    void visit(int n, int count, int firstSlot, int row, ForceWindow window);
  }

  private void forEachPiece(Grid grid, Floats potential, double[] cells, int[] reach, Floats memory, Positions at,
      WindowPiece piece) {
    float[] factors = new float[3];
    for (int axis = 0; axis < 3; axis++)
      factors[axis] = (float) (-1 / cells[axis] / 12);
    ForceWindow window = new ForceWindow(grid, CoreFields.of(potential), reach, factors, lines,
        CoreFields.of(memory));
    int rows = ForceBlock.of(grid, reach).rows();
    for (int k = 0; k < grid.nz(); k += SITES) {
      int count = Math.min(SITES, grid.nz() - k);
      for (int first = 0; first < grid.ny(); first += rows) {
        int many = Math.min(rows, grid.ny() - first);
        window.open(first, many, k, count);
        for (int i = 0; i < grid.nx(); i++) {
          int slot = window.advance(i);
          for (int j = 0; j < many; j++) {
            int n = (i * grid.ny() + first + j) * grid.nz() + k;
            lines.locate(at, n, count, slot, j, 0, window, scratch);
            piece.visit(n, count, slot, j, window);
          }
        }
      }
    }
  }

  @Override
  public double kick(Ints[] x, Grid grid, Floats potential, double[] cells, Ints[] p, double k, int[] reach,
      FixedPoint units, Floats memory) {
    int[][] ps = {CoreFields.of(p[0]), CoreFields.of(p[1]), CoreFields.of(p[2])};
    double[] quanta = new double[3];
    for (int axis = 0; axis < 3; axis++)
      quanta[axis] = k / cells[axis] / units.momentum();
    long[] largest = new long[1];
    forEachPiece(grid, potential, cells, reach, memory, positions(x, units), (n, count, _, _, window) -> {
      lines.read(count, window, scratch);
      largest[0] = Math.max(largest[0], kick(scratch.force, scratch.fraction, n, count, ps[0], ps[1], ps[2], quanta[0],
          quanta[1], quanta[2]));
    });
    return Double.longBitsToDouble(largest[0]);
  }

  private static long kick(float[] force, float[] fraction, int n, int count, int[] px, int[] py, int[] pz, double qx,
      double qy, double qz) {
    long largest = 0;
    for (int k = 0; k < count; k++) {
      float fz = fraction[2 * STRIDE + k];
      double x = px[n + k] + rounded(qx * along(force, 8 * k, fz));
      double y = py[n + k] + rounded(qy * along(force, 8 * k + 1, fz));
      double z = pz[n + k] + rounded(qz * along(force, 8 * k + 2, fz));
      px[n + k] = integer(x);
      py[n + k] = integer(y);
      pz[n + k] = integer(z);
      largest = Math.max(largest, Math.max(bits(x), Math.max(bits(y), bits(z))));
    }
    return largest;
  }

  /** What was read along x and y, now along z: the upper neighbour's value lies four floats on. */
  private static float along(float[] pair, int at, float fz) {
    float lower = pair[at];
    return lower + (pair[at + 4] - lower) * fz;
  }

  private static double rounded(double value) {
    return value + ROUND - ROUND;
  }

  private static int integer(double whole) {
    return (int) Double.doubleToRawLongBits(whole + ROUND);
  }

  /** The bits of a magnitude: they order as magnitudes do, NaN above all. */
  private static long bits(double value) {
    return Double.doubleToRawLongBits(value) & ScalarLines.MAGNITUDE;
  }

  @Override
  public void kickTranspose(Ints[] x, Grid grid, Floats potential, double[] cells, Ints[] p, Floats[] pi, Floats[] xi,
      double k, int[] reach, FixedPoint units, Floats memory, ExactSum sum) {
    KickTranspose back = new KickTranspose(scratch, p, pi, xi, k, cells, units.momentum());
    forEachPiece(grid, potential, cells, reach, memory, positions(x, units), (n, count, _, _, window) -> {
      lines.readSlopes(count, window, scratch);
      back.piece(n, count, sum);
    });
  }

  /** What a kick's transpose does with forces and their slopes that are read along x and y. */
  private static final class KickTranspose {
    private final LineScratch scratch;
    private final int[][] p = new int[3][];
    private final float[][] pi = new float[3][];
    private final float[][] xi = new float[3][];
    private final double[] quanta = new double[3];
    private final float[] factor = new float[3];
    private final double[] cells;
    private final double[] sums = new double[3];

    KickTranspose(LineScratch scratch, Ints[] p, Floats[] pi, Floats[] xi, double k, double[] cells, double momentum) {
      this.scratch = scratch;
      this.cells = cells;
      for (int axis = 0; axis < 3; axis++) {
        this.p[axis] = CoreFields.of(p[axis]);
        this.pi[axis] = CoreFields.of(pi[axis]);
        this.xi[axis] = CoreFields.of(xi[axis]);
        quanta[axis] = k / cells[axis] / momentum;
        factor[axis] = (float) (k / cells[axis]);
      }
    }

    void piece(int n, int count, ExactSum sum) {
      Arrays.fill(sums, 0);
      for (int axis = 0; axis < 3; axis++)
        axis(axis, n, count);
      for (int axis = 0; axis < 3; axis++)
        sum.add(sums[axis] / cells[axis]);
    }

    /** The axis of the force, and of the momentum: its cotangent pulls on all three axes of the position. */
    private void axis(int axis, int n, int count) {
      sums[axis] = axis(scratch.force, scratch.byX, scratch.byY, scratch.fraction, axis, n, count, p[axis], pi[axis],
          xi[0], xi[1], xi[2], quanta[axis], factor[axis]);
    }

    private static double axis(float[] force, float[] byX, float[] byY, float[] fraction, int axis, int n, int count,
        int[] p, float[] pi, float[] xix, float[] xiy, float[] xiz, double quanta, float factor) {
      double sum = 0;
      for (int k = 0; k < count; k++) {
        int at = 8 * k + axis;
        float fz = fraction[2 * STRIDE + k];
        float lower = force[at];
        float byZ = force[at + 4] - lower;
        float g = lower + byZ * fz;
        p[n + k] = integer(p[n + k] - rounded(quanta * g));
        float cotangent = pi[n + k];
        sum += (double) cotangent * g;
        cotangent *= factor;
        xix[n + k] += cotangent * along(byX, at, fz);
        xiy[n + k] += cotangent * along(byY, at, fz);
        xiz[n + k] += cotangent * byZ;
      }
      return sum;
    }
  }

  @Override
  public void paintTranspose(Ints[] x, Grid grid, int[] reach, Floats cotangent, FixedPoint units, Floats[] xi) {
    Place place = place(x, grid, reach, units);
    float[] mesh = CoreFields.of(cotangent);
    float[] xix = CoreFields.of(xi[0]);
    float[] xiy = CoreFields.of(xi[1]);
    float[] xiz = CoreFields.of(xi[2]);
    forEachPiece(grid, (n, count, i, j, k) -> {
      place.locate(n, count, i, j, k, scratch);
      gatherSlopes(mesh, scratch.corner, scratch.up, scratch.fraction, n, count, xix, xiy, xiz);
    });
  }

  private static void gatherSlopes(float[] f, int[] corner, int[] up, float[] fraction, int n, int count, float[] xix,
      float[] xiy, float[] xiz) {
    for (int k = 0; k < count; k++) {
      float fx = fraction[k];
      float fy = fraction[STRIDE + k];
      float fz = fraction[2 * STRIDE + k];
      int upper = up[k];
      int cell = corner[k];
      float f00 = f[cell];
      float d00 = f[cell + upper] - f00;
      cell = corner[STRIDE + k];
      float f01 = f[cell];
      float d01 = f[cell + upper] - f01;
      cell = corner[2 * STRIDE + k];
      float f10 = f[cell];
      float d10 = f[cell + upper] - f10;
      cell = corner[3 * STRIDE + k];
      float f11 = f[cell];
      float d11 = f[cell + upper] - f11;
      float g00 = f00 + fz * d00;
      float g01 = f01 + fz * d01;
      float g10 = f10 + fz * d10;
      float g11 = f11 + fz * d11;
      float dy0 = g01 - g00;
      float dy1 = g11 - g10;
      float dz0 = d00 + fy * (d01 - d00);
      float dz1 = d10 + fy * (d11 - d10);
      xix[n + k] += g10 + fy * dy1 - (g00 + fy * dy0);
      xiy[n + k] += dy0 + fx * (dy1 - dy0);
      xiz[n + k] += dz0 + fx * (dz1 - dz0);
    }
  }

  @Override
  public double largest(Floats values) {
    int largest = 0;
    for (float value : CoreFields.of(values))
      largest = Math.max(largest, Float.floatToRawIntBits(value) & Integer.MAX_VALUE);
    return Float.intBitsToFloat(largest);
  }

  @Override
  public int largest(Ints mesh, Grid grid) {
    int[] cells = CoreFields.of(mesh);
    int largest = 0;
    int size = Math.toIntExact(grid.size());
    for (int i = 0; i < size; i++)
      largest = Math.max(largest, cells[i]);
    return largest;
  }

  @Override
  public double fix(Floats first, double a, Floats second, double b, double quantum, Ints into) {
    float[] firsts = CoreFields.of(first);
    float[] seconds = CoreFields.of(second);
    int[] fixed = CoreFields.of(into);
    double largest = 0;
    for (int i = 0; i < fixed.length; i++) {
      double value = Math.rint((a * firsts[i] + b * seconds[i]) / quantum);
      largest = Math.max(largest, Math.abs(value));
      fixed[i] = (int) value;
    }
    return largest * quantum;
  }
}
