package org.halocline.cosmology.observe;

import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.mesh.Block;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Grid;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.nbody.Observable;
import org.halocline.cosmology.nbody.Simulation;
import org.halocline.cosmology.nbody.SimulationPlan;

/**
 * Lens planes of a light cone: the last steps of the simulation each give the mean density over one slice of the box
 * along z, the farthest slice first.
 */
public final class LightCone implements Observable {
  private final Simulation simulation;
  private final SimulationPlan plan;
  private final Block block;
  private final int planes;
  /** Cells of a plane along z. */
  private final int cells;
  /** This rank's part of the planes, [plane][x][y]. */
  private final double[][] own;
  /** Of all planes, [plane][x][y] of the mesh, during a reverse pass. */
  private double[] cotangent = {};

  /** Of a simulation whose timeline is a light cone. */
  public LightCone(Simulation simulation) {
    this.simulation = simulation;
    this.plan = simulation.plan();
    this.planes = plan.planes();
    if (planes < 1)
      throw new IllegalArgumentException("no planes in " + plan.timeline());
    this.cells = plan.mesh().nz() / planes;
    this.block = simulation.decomposition().block(simulation.rank());
    this.own = new double[planes][block.lines()];
  }

  /** The plane of a place, or −1 before the light cone. */
  private int planeOf(int place) {
    int before = plan.timeline().edges().steps() - planes;
    return place >= before ? planes - 1 - (place - before) : -1;
  }

  @Override
  public void forward(int place, Painted painted) {
    int plane = planeOf(place);
    if (plane >= 0)
      simulation.kernels().meshes().plane(painted.mass(), painted.grid(), plane * cells, (plane + 1) * cells,
          1.0 / ((double) cells * plan.units().massUnits()), own[plane]);
  }

  /**
   * The planes of the last forward pass on rank 0, [plane][x][y] with mean 1; empty on other ranks. All ranks call it.
   */
  public double[] planes() {
    Decomposition d = simulation.decomposition();
    double[] mine = new double[planes * block.lines()];
    for (int i = 0; i < planes; i++)
      System.arraycopy(own[i], 0, mine, i * block.lines(), block.lines());
    int[] lengths = new int[d.ranks()];
    for (int rank = 0; rank < lengths.length; rank++)
      lengths[rank] = planes * d.block(rank).lines();
    double[][] all = simulation.collectives().gather(mine, lengths);
    if (simulation.rank() != 0)
      return new double[0];
    Mesh mesh = d.mesh();
    double[] whole = new double[planes * mesh.nx() * mesh.ny()];
    for (int rank = 0; rank < all.length; rank++) {
      Block part = d.block(rank);
      for (int i = 0; i < planes; i++)
        for (int row = 0; row < part.nx(); row++)
          System.arraycopy(all[rank], (i * part.nx() + row) * part.ny(), whole, at(part, i, row), part.ny());
    }
    return whole;
  }

  /** Where a row of a block's plane begins among the whole planes. */
  private int at(Block part, int plane, int row) {
    return (plane * plan.mesh().nx() + part.x0() + row) * plan.mesh().ny() + part.y0();
  }

  /**
   * Takes the cotangent of the planes for the next reverse pass. All ranks call it.
   *
   * @param onFirstRank [plane][x][y] of the mesh on rank 0, not read elsewhere
   */
  public void cotangent(double[] onFirstRank) {
    cotangent = simulation.rank() == 0 ? onFirstRank : new double[planes * plan.mesh().nx() * plan.mesh().ny()];
    simulation.collectives().broadcast(cotangent);
  }

  @Override
  public void addCotangent(int place, Floats density, Grid grid) {
    int plane = planeOf(place);
    if (plane < 0)
      return;
    double[] part = new double[block.lines()];
    for (int row = 0; row < block.nx(); row++)
      System.arraycopy(cotangent, at(block, plane, row), part, row * block.ny(), block.ny());
    simulation.kernels().meshes().addPlane(part, 1.0 / cells, plane * cells, (plane + 1) * cells, density, grid);
  }

  @Override
  public void addGradient(double[] gradient) {
    cotangent = new double[0];
  }

  /**
   * Heap that planes take for one chain on a rank, bytes: the rank's part of them, and the whole planes that pass
   * through. Those are on every rank their cotangent and its words, and on rank 0 also the planes gathered, joined and
   * used by a likelihood.
   */
  public static long heapBytes(SimulationPlan plan, Decomposition d, int rank) {
    return 8L * plan.planes() * d.block(rank).lines() + (rank == 0 ? 5 : 2) * wholeBytes(plan);
  }

  /** Native memory that staging of the planes takes for one chain on a rank, bytes; an upper bound. */
  public static long stagingBytes(SimulationPlan plan, Decomposition d, int rank) {
    return d.ranks() == 1 ? 0 : (rank == 0 ? 5 : 3) * wholeBytes(plan);
  }

  private static long wholeBytes(SimulationPlan plan) {
    return 8L * plan.planes() * plan.mesh().nx() * plan.mesh().ny();
  }
}
