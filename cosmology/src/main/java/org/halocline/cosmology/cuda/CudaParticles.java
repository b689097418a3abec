package org.halocline.cosmology.cuda;

import java.util.Arrays;
import org.halocline.cosmology.cuda.device.DeviceBuffer;
import org.halocline.cosmology.cuda.device.DeviceQueue;
import org.halocline.cosmology.cuda.memory.CudaFields;
import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.Field.Ints;
import org.halocline.cosmology.kernel.FixedPoint;
import org.halocline.cosmology.kernel.ParticleSet;
import org.halocline.cosmology.kernel.Particles;
import org.halocline.cosmology.kernel.Potential;
import org.halocline.cosmology.mesh.EdgeRows;
import org.halocline.cosmology.mesh.Grid;

/**
 * A thread a particle. Painting adds integers atomically. Forces are made of the potential at each particle, 56 loads
 * that neighbours share in the caches; no mesh of forces is ever made, so the scratch that a core needs is left alone.
 * Every number but the sums is a core's, to the bit.
 */
record CudaParticles(DeviceQueue queue, Answer answer) implements Particles {
  /** Drifts that one kernel does, as in {@code particles.cu}. */
  private static final int DRIFTS = 2;

  private KernelCall call(String kernel) {
    return new KernelCall(queue, kernel);
  }

  /** Sites of the rows [from, end) along x. */
  private record Sites(Grid grid, int from, int end) {}

  /** A kernel that begins with the particles of some sites. */
  private KernelCall call(String kernel, ParticleSet set, Sites sites) {
    return call(kernel).with(set.x()).with(sites.grid).with(sites.from).with(sites.end)
        .with(set.units().displacementBits());
  }

  private static void over(Sites sites, KernelCall call) {
    call.overSites(sites.grid, sites.end - sites.from);
  }

  /** Moves one axis; returns the largest |x| after it, cells. */
  private double drift(ParticleSet set, int axis, double c, int sign) {
    Ints x = set.x()[axis];
    call("drift").with(x).with(set.p()[axis]).with(x.size()).with(set.units().driftQuanta(c)).with((double) sign)
        .with(answer.cleared()).overElements(x.size());
    return answer.await().largest() * set.units().cell();
  }

  @Override
  public double[] drift(ParticleSet set, double c, int sign) {
    double[] largest = new double[3];
    Arrays.setAll(largest, axis -> drift(set, axis, c, sign));
    return largest;
  }

  /** The i-th of some numbers, or 0. */
  private static double at(double[] values, int i) {
    return i < values.length ? values[i] : 0;
  }

  @Override
  public double[] driftTranspose(ParticleSet set, double[] cs, ExactSum[] sums) {
    FixedPoint units = set.units();
    double[] largest = new double[3];
    for (int first = 0; first < cs.length; first += DRIFTS) {
      int drifts = Math.min(DRIFTS, cs.length - first);
      double c0 = cs[first];
      double c1 = at(cs, first + 1);
      DeviceBuffer into = answer.cleared();
      for (int axis = 0; axis < 3; axis++) {
        int size = set.x()[axis].size();
        call("drift_transpose").with(set.x()[axis]).with(set.p()[axis]).with(set.xi()[axis]).with(set.pi()[axis])
            .with(size).with(axis).with(drifts).with(units.driftQuanta(c0)).with(units.driftQuanta(c1))
            .with((float) c0).with((float) c1).with(units.momentum()).with(into).overElements(size);
      }
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
  public void paint(ParticleSet set, int[] reach, Ints mesh, Grid grid, Runnable ghostsPainted) {
    clear(mesh, grid);
    EdgeRows.of(grid, reach[0]).first(ghostsPainted, (from, end) -> {
      Sites sites = new Sites(grid, from, end);
      over(sites, call("paint", set, sites).with((float) set.units().massUnits()).with(mesh));
    });
  }

  @Override
  public void paintTranspose(ParticleSet set, int[] reach, Floats cotangent, Grid grid, Runnable ghostsNeeded) {
    EdgeRows.of(grid, reach[0]).last(ghostsNeeded, (from, end) -> {
      Sites sites = new Sites(grid, from, end);
      over(sites, call("paint_transpose", set, sites).with(cotangent).with(set.xi()));
    });
  }

  /**
   * What a kick and its reverse share: the potential, the difference's factors, the momenta, quanta a unit of force.
   */
  private KernelCall kick(String kernel, ParticleSet set, Sites sites, Potential potential, double k) {
    return call(kernel, set, sites).with(potential.values()).with(potential.differenceFactors()).with(set.p())
        .with(potential.kickQuanta(k, set.units()));
  }

  @Override
  public Moved kick(ParticleSet set, int[] reach, Potential potential, double k, double[] drifts,
      Runnable ghostsNeeded) {
    FixedPoint units = set.units();
    int fused = Math.min(DRIFTS, drifts.length);
    DeviceBuffer into = answer.cleared();
    EdgeRows.of(potential.grid(), reach[0] + Potential.DIFFERENCE).last(ghostsNeeded, (from, end) -> {
      Sites sites = new Sites(potential.grid(), from, end);
      over(sites, kick("kick", set, sites, potential, k).with(fused).with(units.driftQuanta(at(drifts, 0)))
          .with(units.driftQuanta(at(drifts, 1))).with(into));
    });
    answer.await();
    double momentum = answer.largest();
    double[][] farthest = new double[drifts.length][3];
    for (int i = 0; i < fused; i++)
      for (int axis = 0; axis < 3; axis++)
        farthest[i][axis] = answer.largest(1 + 3 * i + axis) * units.cell();
    for (int i = fused; i < drifts.length; i++)
      farthest[i] = drift(set, drifts[i], 1);
    return new Moved(momentum, farthest);
  }

  @Override
  public void kickTranspose(ParticleSet set, int[] reach, Potential potential, double k, ExactSum sum,
      Runnable ghostsNeeded) {
    double[] inverse = Arrays.stream(potential.cells()).map(cell -> 1 / cell).toArray();
    DeviceBuffer into = answer.cleared();
    EdgeRows.of(potential.grid(), reach[0] + Potential.DIFFERENCE).last(ghostsNeeded, (from, end) -> {
      Sites sites = new Sites(potential.grid(), from, end);
      over(sites, kick("kick_transpose", set, sites, potential, k).with(set.pi()).with(potential.cotangentFactors(k))
          .with(inverse).with(set.xi()).with(into));
    });
    answer.await().addTo(sum);
  }

  @Override
  public void paintCotangent(ParticleSet set, int[] reach, Floats value, double factor, Ints mesh, Grid grid,
      Runnable ghostsPainted) {
    clear(mesh, grid);
    EdgeRows.of(grid, reach[0]).first(ghostsPainted, (from, end) -> {
      Sites sites = new Sites(grid, from, end);
      over(sites, call("paint_cotangent", set, sites).with(value).with((float) factor).with(mesh));
    });
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
