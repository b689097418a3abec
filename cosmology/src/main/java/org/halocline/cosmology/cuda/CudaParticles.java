package org.halocline.cosmology.cuda;

import org.halocline.cosmology.cuda.device.DeviceBuffer;
import org.halocline.cosmology.cuda.device.DeviceQueue;
import org.halocline.cosmology.cuda.memory.CudaFields;
import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.Field.Ints;
import org.halocline.cosmology.kernel.FixedPoint;
import org.halocline.cosmology.kernel.Particles;
import org.halocline.cosmology.mesh.Grid;

/**
 * A thread a particle. Painting adds integers atomically. Forces are made of the potential at each particle, 56 loads that neighbours
 * share in the caches; no mesh of forces is ever made, so the scratch that a core needs is left alone. Every number but the sums is
 * a core's, to the bit.
 */
final class CudaParticles implements Particles {
  /** Drifts that one kernel does, as in {@code particles.cu}. */
  private static final int DRIFTS = 2;
  /** Cells on either side that a force looks at. */
  private static final int DIFFERENCE = 2;
  private static final Runnable NOTHING = () -> {};

  private final DeviceQueue queue;
  private final Answer answer;

  CudaParticles(DeviceQueue queue, Answer answer) {
    this.queue = queue;
    this.answer = answer;
  }

  private KernelCall call(String kernel) {
    return new KernelCall(queue, kernel);
  }

  /** Sites of the rows [from, end) along x. */
  private record Sites(Grid grid, int from, int end) {}

  /** What is launched for some of the sites. */
  private interface Part {
    void launch(Sites sites);
  }

  /** A kernel that begins with the particles of some sites. */
  private KernelCall call(String kernel, Ints[] x, Sites sites, FixedPoint units) {
    return call(kernel).with(x).with(sites.grid).with(sites.from).with(sites.end).with(units.displacementBits());
  }

  private static void over(Sites sites, KernelCall call) {
    call.overSites(sites.grid, sites.end - sites.from);
  }

  /**
   * Rows of sites on either side of x whose particles may touch ghosts, where the others can be launched apart; 0 where not.
   *
   * @param touched cells on either side of its site that a particle touches
   */
  private static int edge(Grid grid, int touched) {
    return grid.haloX() > 0 && grid.haloY() == 0 && grid.nx() > 2 * touched ? touched : 0;
  }

  /** Sites whose particles may touch ghosts, then the moment, then all others. */
  private static void edgesFirst(Grid grid, int touched, Runnable moment, Part part) {
    int edge = edge(grid, touched);
    if (edge == 0) {
      part.launch(new Sites(grid, 0, grid.nx()));
      moment.run();
      return;
    }
    part.launch(new Sites(grid, 0, edge));
    part.launch(new Sites(grid, grid.nx() - edge, grid.nx()));
    moment.run();
    part.launch(new Sites(grid, edge, grid.nx() - edge));
  }

  /** Sites whose particles touch no ghosts, then the moment, then all others. */
  private static void edgesLast(Grid grid, int touched, Runnable moment, Part part) {
    int edge = edge(grid, touched);
    if (edge == 0) {
      moment.run();
      part.launch(new Sites(grid, 0, grid.nx()));
      return;
    }
    part.launch(new Sites(grid, edge, grid.nx() - edge));
    moment.run();
    part.launch(new Sites(grid, 0, edge));
    part.launch(new Sites(grid, grid.nx() - edge, grid.nx()));
  }

  /** Quanta of displacement a quantum of momentum. */
  private static double quanta(double c, FixedPoint units) {
    return c * units.momentum() / units.cell();
  }

  @Override
  public double drift(Ints x, Ints p, double c, int sign, FixedPoint units) {
    call("drift").with(x).with(p).with(x.size()).with(quanta(c, units)).with((double) sign).with(answer.cleared())
        .overElements(x.size());
    return answer.await().largest() * units.cell();
  }

  /** The i-th of some numbers, or 0. */
  private static double at(double[] values, int i) {
    return i < values.length ? values[i] : 0;
  }

  @Override
  public double[] driftTranspose(Ints[] x, Ints[] p, Floats[] xi, Floats[] pi, double[] cs, FixedPoint units, int nz,
      ExactSum[] sums) {
    double[] largest = new double[3];
    for (int first = 0; first < cs.length; first += DRIFTS) {
      int drifts = Math.min(DRIFTS, cs.length - first);
      double c0 = cs[first];
      double c1 = at(cs, first + 1);
      DeviceBuffer into = answer.cleared();
      for (int axis = 0; axis < 3; axis++)
        call("drift_transpose").with(x[axis]).with(p[axis]).with(xi[axis]).with(pi[axis]).with(x[axis].size())
            .with(axis).with(drifts).with(quanta(c0, units)).with(quanta(c1, units)).with((float) c0).with((float) c1)
            .with(units.momentum()).with(into).overElements(x[axis].size());
      answer.await();
      for (int i = first; i < first + drifts; i++)
        answer.addTo(sums[i]);
      for (int axis = 0; axis < 3; axis++)
        largest[axis] = answer.largest(axis);
    }
    return largest;
  }

  private void clear(Field mesh, Grid grid) {
    queue.clear(CudaFields.of(mesh), 0, 4 * grid.size());
  }

  @Override
  public void paint(Ints[] x, Grid grid, int[] reach, FixedPoint units, Ints mesh) {
    paint(x, grid, reach, units, mesh, NOTHING);
  }

  @Override
  public void paint(Ints[] x, Grid grid, int[] reach, FixedPoint units, Ints mesh, Runnable ghostsPainted) {
    clear(mesh, grid);
    edgesFirst(grid, reach[0], ghostsPainted,
        sites -> over(sites, call("paint", x, sites, units).with((float) units.massUnits()).with(mesh)));
  }

  @Override
  public void paintCotangent(Ints[] x, Grid grid, int[] reach, Floats value, double c, double scale, FixedPoint units,
      Ints mesh) {
    paintCotangent(x, grid, reach, value, c, scale, units, mesh, NOTHING);
  }

  @Override
  public void paintCotangent(Ints[] x, Grid grid, int[] reach, Floats value, double c, double scale, FixedPoint units,
      Ints mesh, Runnable ghostsPainted) {
    clear(mesh, grid);
    edgesFirst(grid, reach[0], ghostsPainted,
        sites -> over(sites,
            call("paint_cotangent", x, sites, units).with(value).with((float) (c * scale)).with(mesh)));
  }

  /** What a kick and its reverse share: the potential, the difference's factors, the momenta, quanta a unit of force. */
  private KernelCall kick(String kernel, Ints[] x, Sites sites, Floats potential, double[] cells, Ints[] p, double k,
      FixedPoint units) {
    float[] factors = new float[3];
    double[] quanta = new double[3];
    for (int axis = 0; axis < 3; axis++) {
      factors[axis] = (float) (-1 / cells[axis] / 12);
      quanta[axis] = k / cells[axis] / units.momentum();
    }
    return call(kernel, x, sites, units).with(potential).with(factors).with(p).with(quanta);
  }

  @Override
  public Moved kick(Ints[] x, Grid grid, Floats potential, double[] cells, Ints[] p, double k, double[] drifts,
      int[] reach, FixedPoint units, Floats memory) {
    return kick(x, grid, potential, cells, p, k, drifts, reach, units, memory, NOTHING);
  }

  @Override
  public Moved kick(Ints[] x, Grid grid, Floats potential, double[] cells, Ints[] p, double k, double[] drifts,
      int[] reach, FixedPoint units, Floats memory, Runnable ghostsNeeded) {
    int fused = Math.min(DRIFTS, drifts.length);
    DeviceBuffer into = answer.cleared();
    edgesLast(grid, reach[0] + DIFFERENCE, ghostsNeeded,
        sites -> over(sites, kick("kick", x, sites, potential, cells, p, k, units).with(fused)
            .with(quanta(at(drifts, 0), units)).with(quanta(at(drifts, 1), units)).with(into)));
    answer.await();
    double momentum = answer.largest();
    double[][] farthest = new double[drifts.length][3];
    for (int i = 0; i < fused; i++)
      for (int axis = 0; axis < 3; axis++)
        farthest[i][axis] = answer.largest(1 + 3 * i + axis) * units.cell();
    for (int i = fused; i < drifts.length; i++)
      for (int axis = 0; axis < 3; axis++)
        farthest[i][axis] = drift(x[axis], p[axis], drifts[i], 1, units);
    return new Moved(momentum, farthest);
  }

  @Override
  public void kickTranspose(Ints[] x, Grid grid, Floats potential, double[] cells, Ints[] p, Floats[] pi, Floats[] xi,
      double k, int[] reach, FixedPoint units, Floats memory, ExactSum sum) {
    kickTranspose(x, grid, potential, cells, p, pi, xi, k, reach, units, memory, sum, NOTHING);
  }

  @Override
  public void kickTranspose(Ints[] x, Grid grid, Floats potential, double[] cells, Ints[] p, Floats[] pi, Floats[] xi,
      double k, int[] reach, FixedPoint units, Floats memory, ExactSum sum, Runnable ghostsNeeded) {
    float[] factors = new float[3];
    double[] inverse = new double[3];
    for (int axis = 0; axis < 3; axis++) {
      factors[axis] = (float) (k / cells[axis]);
      inverse[axis] = 1 / cells[axis];
    }
    DeviceBuffer into = answer.cleared();
    edgesLast(grid, reach[0] + DIFFERENCE, ghostsNeeded,
        sites -> over(sites, kick("kick_transpose", x, sites, potential, cells, p, k, units).with(pi).with(factors)
            .with(inverse).with(xi).with(into)));
    answer.await().addTo(sum);
  }

  @Override
  public void paintTranspose(Ints[] x, Grid grid, int[] reach, Floats cotangent, FixedPoint units, Floats[] xi) {
    paintTranspose(x, grid, reach, cotangent, units, xi, NOTHING);
  }

  @Override
  public void paintTranspose(Ints[] x, Grid grid, int[] reach, Floats cotangent, FixedPoint units, Floats[] xi,
      Runnable ghostsNeeded) {
    edgesLast(grid, reach[0], ghostsNeeded,
        sites -> over(sites, call("paint_transpose", x, sites, units).with(cotangent).with(xi)));
  }

  @Override
  public int largest(Ints mesh, Grid grid) {
    int size = Math.toIntExact(grid.size());
    call("largest_cell").with(mesh).with(size).with(answer.cleared()).overElements(size);
    return (int) answer.await().largestInteger();
  }

  @Override
  public double fix(Floats first, double a, Floats second, double b, double quantum, Ints into) {
    call("fix").with(first).with(a).with(second).with(b).with(quantum).with(into).with(into.size())
        .with(answer.cleared()).overElements(into.size());
    return answer.await().largest() * quantum;
  }
}
