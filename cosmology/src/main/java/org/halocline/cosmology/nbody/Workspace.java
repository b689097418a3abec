package org.halocline.cosmology.nbody;

import java.lang.foreign.Arena;
import org.halocline.cosmology.comm.Collectives;
import org.halocline.cosmology.comm.DeferredExchanges;
import org.halocline.cosmology.comm.Halo;
import org.halocline.cosmology.comm.Port;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.Field.Ints;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.kernel.ParticleSet;
import org.halocline.cosmology.kernel.Potential;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Grid;
import org.halocline.cosmology.transform.Fourier;

/**
 * The memory of one chain on one rank, allocated once, and its means to reach the other ranks. The programs share it
 * and say at each step which mesh holds what.
 */
final class Workspace implements AutoCloseable {
  final SimulationPlan plan;
  final Decomposition decomposition;
  final int rank;
  final Kernels kernels;
  final Port port;
  final Collectives collectives;
  final Fourier fourier;
  final Halo halo;

  final Grid paintGrid;
  final Grid forceGrid;
  final Grid potentialGrid;
  /** Of a mesh that a difference is taken of once, and twice. */
  final Grid differenceGrid;
  final Grid secondDifferenceGrid;
  final Grid plainGrid;

  /** In a forward pass ξ is scratch. */
  final ParticleSet set;
  /** Displacement and momentum of the set, fixed point. */
  final Ints[] x;
  final Ints[] p;
  /** Cotangents of displacement (a cell) and of momentum (a unit of P) of the set. */
  final Floats[] xi;
  final Floats[] pi;

  /** Particles, or cotangents, in integers. */
  final Ints painted;
  /** Two meshes that change places: any grid of the plan, or a spectrum, fits either. */
  final Floats potential;
  final Floats work;
  /** The potential mesh as particles read it, with the work mesh for scratch. */
  final Potential force;

  private final Arena arena = Arena.ofShared();

  Workspace(SimulationPlan plan, Purpose purpose, Decomposition decomposition, int rank, Kernels kernels, Port port) {
    this.plan = plan;
    this.decomposition = decomposition;
    this.rank = rank;
    this.kernels = kernels;
    this.port = new DeferredExchanges(port);
    this.collectives = new Collectives(this.port, arena);
    this.paintGrid = plan.paintGrid(decomposition, rank);
    this.forceGrid = plan.forceGrid(decomposition, rank);
    this.potentialGrid = plan.potentialGrid(decomposition, rank);
    this.differenceGrid = Grid.of(decomposition, rank, 2, 2);
    this.secondDifferenceGrid = Grid.of(decomposition, rank, 4, 4);
    this.plainGrid = SimulationPlan.plainGrid(decomposition, rank);
    this.fourier = new Fourier(decomposition, rank, kernels, this.port, kernels.memory()::staging);
    this.halo = new Halo(decomposition, rank, kernels, this.port, potentialGrid);
    this.set = ParticleSet.of(kernels.memory(), plainGrid, plan.units(), purpose == Purpose.GRADIENT);
    this.x = set.x();
    this.p = set.p();
    this.xi = set.xi();
    this.pi = set.pi();
    this.painted = kernels.memory().ints(paintGrid.size());
    this.potential = kernels.memory().floats(plan.meshFloats(decomposition, rank));
    this.work = kernels.memory().floats(plan.meshFloats(decomposition, rank));
    this.force = new Potential(potential, potentialGrid, plan.mesh().cellsMpcH(), work);
  }

  /** 1/N of the mesh: what a forward and an inverse transform together leave out. */
  double normalisation() {
    return 1.0 / plan.mesh().size();
  }

  double cell(int axis) {
    return plan.mesh().cellMpcH(axis);
  }

  /** Replaces every element by its largest over the ranks. */
  double[] maximum(double[] values) {
    collectives.max(values);
    return values;
  }

  double[] cells() {
    return force.cells();
  }

  /**
   * {@code ∇⁻²} of a mesh without ghosts, written to the interior of another; self-adjoint.
   *
   * @param spectrum scratch for the transform; the result may take the source's place
   */
  void inverseLaplacian(Floats source, Floats spectrum, Floats out, Grid outGrid) {
    fourier.inverseLaplacian(source, plainGrid, spectrum, out, outGrid, normalisation());
    port.yieldPoint();
  }

  @Override
  public void close() {
    arena.close();
  }
}
