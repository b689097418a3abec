package org.halocline.cosmology.core;

import static org.halocline.cosmology.core.lines.LineScratch.LINE_00;
import static org.halocline.cosmology.core.lines.LineScratch.LINE_01;
import static org.halocline.cosmology.core.lines.LineScratch.LINE_10;
import static org.halocline.cosmology.core.lines.LineScratch.LINE_11;
import static org.halocline.cosmology.core.lines.LineScratch.LOWER_00;
import static org.halocline.cosmology.core.lines.LineScratch.LOWER_01;
import static org.halocline.cosmology.core.lines.LineScratch.LOWER_10;
import static org.halocline.cosmology.core.lines.LineScratch.LOWER_11;
import static org.halocline.cosmology.core.lines.LineScratch.STRIDE;

import java.util.Arrays;
import org.halocline.cosmology.core.lines.ForceWindow;
import org.halocline.cosmology.core.lines.LineScratch;
import org.halocline.cosmology.core.lines.ParticleLines;
import org.halocline.cosmology.core.lines.ParticleLines.Axis;
import org.halocline.cosmology.core.lines.ParticleLines.Frame;
import org.halocline.cosmology.core.lines.ParticleLines.Positions;
import org.halocline.cosmology.core.lines.ScalarParticleLines;
import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.Field.Ints;
import org.halocline.cosmology.kernel.FixedPoint;
import org.halocline.cosmology.kernel.ForceBlock;
import org.halocline.cosmology.kernel.ParticleSet;
import org.halocline.cosmology.kernel.Particles;
import org.halocline.cosmology.kernel.Potential;
import org.halocline.cosmology.mesh.EdgeRows;
import org.halocline.cosmology.mesh.Grid;

/**
 * Loops over the particles of a block, in pieces of z lines. What a piece needs is worked out first by
 * {@link ParticleLines}, then its cells are scattered to or gathered from. Lines are taken in blocks of y, all x of a
 * block before the next: what particles of a block touch stays in a near cache from one x to the next.
 */
final class CoreParticles implements Particles {
  private static final int SITES = PIECE;

  private final ParticleLines lines;
  private final LineScratch scratch = new LineScratch();
  private final Runnable poll;

  CoreParticles(ParticleLines lines, Runnable poll) {
    this.lines = lines;
    this.poll = poll;
  }

  /** A piece of a z line: sites (i, j, k …), the first of them the block's n-th. */
  private interface Piece {
    void visit(int n, int count, int i, int j, int k);
  }

  /** Sites whose x cell is in [from, to). */
  private void forEachPiece(Grid grid, int from, int to, Piece piece) {
    int rows = ForceBlock.rows(grid);
    for (int first = 0; first < grid.ny(); first += rows)
      for (int i = from; i < to; i++) {
        poll.run();
        for (int j = first; j < Math.min(first + rows, grid.ny()); j++)
          for (int k = 0; k < grid.nz(); k += SITES)
            piece.visit((i * grid.ny() + j) * grid.nz() + k, Math.min(SITES, grid.nz() - k), i, j, k);
      }
  }

  private static Positions positions(ParticleSet set) {
    int[][] x = CoreFields.of(set.x());
    return new Positions(x[0], x[1], x[2], set.units().displacementBits());
  }

  /** A mesh as particles see it, and who works out their place on it. */
  private record Place(ParticleLines lines, Frame frame) {
    void locate(int n, int count, int i, int j, int k, LineScratch into) {
      lines.locate(frame, n, count, i, j, k, into);
    }
  }

  /** Particles that wrap around more than once, on meshes narrower than their displacement, are taken one by one. */
  private Place place(ParticleSet set, int[] reach, Grid grid) {
    Axis ax = new Axis(grid.nx(), grid.haloX(), grid.strideX());
    Axis ay = new Axis(grid.ny(), grid.haloY(), grid.nz());
    Axis az = new Axis(grid.nz(), 0, 1);
    boolean once = (ax.halo() > 0 || reach[0] <= ax.cells()) && (ay.halo() > 0 || reach[1] <= ay.cells())
        && reach[2] <= az.cells();
    return new Place(once ? lines : new ScalarParticleLines(), new Frame(positions(set), ax, ay, az));
  }

  @Override
  public double[] drift(ParticleSet set, double c, int sign) {
    double[] largest = new double[3];
    for (int axis = 0; axis < 3; axis++) {
      int[] x = CoreFields.of(set.x()[axis]);
      largest[axis] = drift(x, CoreFields.of(set.p()[axis]), 0, x.length, set.units().driftQuanta(c), sign)
          * set.units().cell();
    }
    return largest;
  }

  static double drift(int[] x, int[] p, int from, int count, double quanta, int sign) {
    double largest = 0;
    for (int i = from; i < from + count; i++) {
      double moved = x[i] + sign * Math.rint(quanta * p[i]);
      largest = Math.max(largest, Math.abs(moved));
      x[i] = (int) moved;
    }
    return largest;
  }

  @Override
  public double[] driftTranspose(ParticleSet set, double[] cs, ExactSum[] sums) {
    FixedPoint units = set.units();
    int nz = set.sites().nz();
    double[] largest = new double[3];
    for (int axis = 0; axis < 3; axis++) {
      int[] xs = CoreFields.of(set.x()[axis]);
      int[] ps = CoreFields.of(set.p()[axis]);
      float[] xis = CoreFields.of(set.xi()[axis]);
      float[] pis = CoreFields.of(set.pi()[axis]);
      for (int start = 0; start < ps.length; start += nz) {
        poll.run();
        double product = LineSums.product(xis, start, ps, start, nz) * units.momentum();
        float farthest = 0;
        for (ExactSum sum : sums)
          sum.add(product);
        int pairs = cs.length & ~1;
        for (int i = 0; i < pairs; i += 2) {
          driftBack(xs, ps, start, nz, units.driftQuanta(cs[i]), units.driftQuanta(cs[i + 1]));
          farthest = addScaled((float) cs[i], (float) cs[i + 1], xis, pis, start, nz);
        }
        if (pairs < cs.length) {
          drift(xs, ps, start, nz, units.driftQuanta(cs[pairs]), -1);
          farthest = addScaled((float) cs[pairs], xis, pis, start, nz);
        }
        largest[axis] = Math.max(largest[axis], farthest);
      }
    }
    return largest;
  }

  private static void driftBack(int[] x, int[] p, int from, int count, double first, double second) {
    for (int i = from; i < from + count; i++)
      x[i] = (int) (x[i] - Math.rint(first * p[i]) - Math.rint(second * p[i]));
  }

  private static float addScaled(float first, float second, float[] from, float[] to, int start, int count) {
    float largest = 0;
    for (int i = start; i < start + count; i++) {
      float sum = to[i] + first * from[i] + second * from[i];
      largest = Math.max(largest, Math.abs(sum));
      to[i] = sum;
    }
    return largest;
  }

  private static float addScaled(float factor, float[] from, float[] to, int start, int count) {
    float largest = 0;
    for (int i = start; i < start + count; i++) {
      float sum = to[i] + factor * from[i];
      largest = Math.max(largest, Math.abs(sum));
      to[i] = sum;
    }
    return largest;
  }

  @Override
  public void paint(ParticleSet set, int[] reach, Ints mesh, Grid grid, Runnable ghostsPainted) {
    int[] cells = CoreFields.of(mesh);
    Place place = place(set, reach, grid);
    float mass = set.units().massUnits();
    paintPieces(grid, reach, cells, ghostsPainted, (n, count, i, j, k) -> {
      place.locate(n, count, i, j, k, scratch);
      lines.massWeights(count, mass, scratch);
      scatter(scratch.corner, scratch.up, scratch.weight, count, cells);
    });
  }

  /** Clears the mesh and visits all pieces, those that may touch ghosts before the others. */
  private void paintPieces(Grid grid, int[] reach, int[] cells, Runnable ghostsPainted, Piece piece) {
    Arrays.fill(cells, 0, Math.toIntExact(grid.size()), 0);
    EdgeRows.of(grid, reach[0]).first(ghostsPainted, (from, to) -> forEachPiece(grid, from, to, piece));
  }

  @Override
  public void paintCotangent(ParticleSet set, int[] reach, Floats value, double factor, Ints mesh, Grid grid,
      Runnable ghostsPainted) {
    int[] cells = CoreFields.of(mesh);
    Place place = place(set, reach, grid);
    float[] values = CoreFields.of(value);
    float single = (float) factor;
    paintPieces(grid, reach, cells, ghostsPainted, (n, count, i, j, k) -> {
      place.locate(n, count, i, j, k, scratch);
      lines.cotangentWeights(values, n, count, single, scratch);
      scatter(scratch.corner, scratch.up, scratch.weight, count, cells);
    });
  }

  private static void scatter(int[] corner, int[] up, int[] weight, int count, int[] cells) {
    int pairs = count & ~1;
    // Two at a time: particles that are neighbours add to the same cells, and each addition waits for the one before.
    for (int k = 0; k < pairs; k += 2) {
      int upper = up[k];
      int nextUpper = up[k + 1];
      add(cells, corner[LINE_00 + k], upper, weight, LOWER_00 + k);
      int next00 = corner[LINE_00 + k + 1];
      add(cells, corner[LINE_01 + k], upper, weight, LOWER_01 + k);
      int next01 = corner[LINE_01 + k + 1];
      add(cells, corner[LINE_10 + k], upper, weight, LOWER_10 + k);
      int next10 = corner[LINE_10 + k + 1];
      add(cells, corner[LINE_11 + k], upper, weight, LOWER_11 + k);
      int next11 = corner[LINE_11 + k + 1];
      add(cells, next00, nextUpper, weight, LOWER_00 + k + 1);
      add(cells, next01, nextUpper, weight, LOWER_01 + k + 1);
      add(cells, next10, nextUpper, weight, LOWER_10 + k + 1);
      add(cells, next11, nextUpper, weight, LOWER_11 + k + 1);
    }
    if (pairs < count)
      for (int line = 0; line < 4; line++)
        add(cells, corner[line * STRIDE + pairs], up[pairs], weight, 2 * line * STRIDE + pairs);
  }

  private static void add(int[] cells, int cell, int upper, int[] weight, int at) {
    cells[cell] += weight[at];
    cells[cell + upper] += weight[STRIDE + at];
  }

  /** Visits pieces with the window around them. */
  private interface WindowPiece {
    void visit(int n, int count, ForceWindow window);
  }

  /** Visits all pieces, and while ghosts may be missing only such as need none. */
  private void forEachPiece(ParticleSet set, int[] reach, Potential potential, Runnable ghostsNeeded,
      WindowPiece piece) {
    Grid grid = potential.grid();
    Positions at = positions(set);
    ForceWindow window = new ForceWindow(grid, CoreFields.of(potential.values()), reach, potential.differenceFactors(),
        lines.differences(), CoreFields.of(potential.scratch()));
    int rows = ForceBlock.rows(grid);
    int edge = EdgeRows.of(grid, reach[0] + Potential.DIFFERENCE).width();
    if (edge == 0)
      ghostsNeeded.run();
    boolean complete = edge == 0;
    for (int k = 0; k < grid.nz(); k += SITES) {
      int count = Math.min(SITES, grid.nz() - k);
      for (int first = 0; first < grid.ny(); first += rows) {
        Part part = new Part(window, at, first, Math.min(rows, grid.ny() - first), k, count, piece);
        if (complete) {
          window.open(first, part.many, k, count, 0);
          forEachPiece(grid, part, 0, grid.nx());
        } else {
          // The first part's interior is enough to hide what travels; its forces are made a little more than once.
          window.open(first, part.many, k, count, edge);
          forEachPiece(grid, part, edge, grid.nx() - edge);
          ghostsNeeded.run();
          complete = true;
          forEachPiece(grid, part, grid.nx() - edge, grid.nx());
          window.open(first, part.many, k, count, 0);
          forEachPiece(grid, part, 0, edge);
        }
      }
    }
  }

  /** Lines [first, first + many) of y, sites [k, k + count) of z. */
  private record Part(ForceWindow window, Positions at, int first, int many, int k, int count, WindowPiece piece) {}

  /** The rows [from, to) of a part whose window is open there. */
  private void forEachPiece(Grid grid, Part part, int from, int to) {
    ForceWindow window = part.window;
    for (int i = from; i < to; i++) {
      poll.run();
      int slot = window.advance(i);
      for (int j = 0; j < part.many; j++) {
        int n = (i * grid.ny() + part.first + j) * grid.nz() + part.k;
        lines.locate(part.at, n, part.count, slot, j, window, scratch);
        part.piece.visit(n, part.count, window);
      }
    }
  }

  @Override
  public Moved kick(ParticleSet set, int[] reach, Potential potential, double k, double[] drifts,
      Runnable ghostsNeeded) {
    FixedPoint units = set.units();
    double[] drifted = Arrays.stream(drifts).map(units::driftQuanta).toArray();
    double[] quanta = potential.kickQuanta(k, units);
    AxisKick[] kicks = new AxisKick[3];
    Arrays.setAll(kicks,
        axis -> new AxisKick(CoreFields.of(set.x()[axis]), CoreFields.of(set.p()[axis]), quanta[axis], drifted));
    forEachPiece(set, reach, potential, ghostsNeeded, (n, count, window) -> {
      lines.read(count, window, scratch);
      for (int axis = 0; axis < 3; axis++)
        kicks[axis].apply(scratch.read, axis * STRIDE, n, count);
    });
    double momentum = 0;
    double[][] farthest = new double[drifts.length][3];
    for (int axis = 0; axis < 3; axis++) {
      momentum = Math.max(momentum, kicks[axis].momentum());
      for (int i = 0; i < drifts.length; i++)
        farthest[i][axis] = kicks[axis].farthest(i) * units.cell();
    }
    return new Moved(momentum, farthest);
  }

  @Override
  public void kickTranspose(ParticleSet set, int[] reach, Potential potential, double k, ExactSum sum,
      Runnable ghostsNeeded) {
    int[][] ps = CoreFields.of(set.p());
    float[][] pis = CoreFields.of(set.pi());
    float[][] xis = CoreFields.of(set.xi());
    double[] cells = potential.cells();
    double[] quanta = potential.kickQuanta(k, set.units());
    float[] factors = potential.cotangentFactors(k);
    forEachPiece(set, reach, potential, ghostsNeeded, (n, count, window) -> {
      pack(pis, n, count, factors, scratch.cotangent);
      lines.readSlopes(count, window, scratch);
      for (int axis = 0; axis < 3; axis++) {
        undoKick(scratch.read, axis * STRIDE, ps[axis], n, count, quanta[axis]);
        sum.add(LineSums.product(pis[axis], n, scratch.read, axis * STRIDE, count) / cells[axis]);
      }
      pull(scratch.pulls, n, count, xis);
    });
  }

  private static void pack(float[][] pi, int n, int count, float[] factors, float[] into) {
    float[] x = pi[0];
    float[] y = pi[1];
    float[] z = pi[2];
    float fx = factors[0];
    float fy = factors[1];
    float fz = factors[2];
    for (int k = 0; k < count; k++) {
      into[4 * k] = fx * x[n + k];
      into[4 * k + 1] = fy * y[n + k];
      into[4 * k + 2] = fz * z[n + k];
    }
  }

  private static void undoKick(float[] force, int at, int[] p, int n, int count, double quanta) {
    for (int k = 0; k < count; k++)
      p[n + k] = (int) (p[n + k] - Math.rint(quanta * force[at + k]));
  }

  /** ξ gains, on each axis, what all axes of the force pull. */
  private static void pull(float[][] pulls, int n, int count, float[][] xi) {
    for (int axis = 0; axis < 3; axis++) {
      float[] from = pulls[axis];
      float[] to = xi[axis];
      for (int k = 0; k < count; k++)
        to[n + k] += from[4 * k] + from[4 * k + 1] + from[4 * k + 2];
    }
  }

  @Override
  public void paintTranspose(ParticleSet set, int[] reach, Floats cotangent, Grid grid, Runnable ghostsNeeded) {
    Place place = place(set, reach, grid);
    float[] mesh = CoreFields.of(cotangent);
    float[][] xi = CoreFields.of(set.xi());
    Piece piece = (n, count, i, j, k) -> {
      place.locate(n, count, i, j, k, scratch);
      gather(mesh, scratch.corner, scratch.up, count, scratch.read);
      lines.addSlopes(n, count, scratch, xi[0], xi[1], xi[2]);
    };
    EdgeRows.of(grid, reach[0]).last(ghostsNeeded, (from, to) -> forEachPiece(grid, from, to, piece));
  }

  private static void gather(float[] mesh, int[] corner, int[] up, int count, float[] into) {
    for (int k = 0; k < count; k++) {
      int upper = up[k];
      for (int line = 0; line < 4; line++) {
        int cell = corner[line * STRIDE + k];
        into[2 * line * STRIDE + k] = mesh[cell];
        into[(2 * line + 1) * STRIDE + k] = mesh[cell + upper];
      }
    }
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
