package org.halocline.cosmology.nbody;

import org.halocline.cosmology.comm.Halo;
import org.halocline.cosmology.kernel.FixedPoint;
import org.halocline.cosmology.kernel.ForceBlock;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Grid;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.mesh.Pencil;
import org.halocline.cosmology.timeline.Edges;
import org.halocline.cosmology.timeline.Timeline;
import org.halocline.cosmology.transform.Fourier;

/**
 * What a simulation is, apart from θ and z: everything that memory, halos and quanta derive from. Fixed for a job.
 *
 * @param maxDisplacementCells largest displacement a particle may have on each axis, cells; a state beyond it is
 * refused
 */
public record SimulationPlan(Mesh mesh, Timeline timeline, double[] maxDisplacementCells, FixedPoint units) {

  public SimulationPlan {
    if (maxDisplacementCells.length != 3)
      throw new IllegalArgumentException("one largest displacement an axis is needed");
    maxDisplacementCells = maxDisplacementCells.clone();
    double range = 0x1p31 * units.cell() - 1;
    for (double max : maxDisplacementCells)
      if (!(max > 0 && max <= range))
        throw new IllegalArgumentException(
            "largest displacement " + max + " cells: must be above 0 and at most " + range
                + ", what " + units.displacementBits() + " bits hold: change simulation.max-displacement");
    if (timeline.edges() instanceof Edges.LightCone cone) {
      if (mesh.nz() % cone.planes() != 0)
        throw new IllegalArgumentException(cone.planes() + " planes do not divide the mesh's " + mesh.nz()
            + " cells along z: change simulation.light-cone.planes or simulation.mesh");
      if (cone.lengthMpcH() != mesh.lzMpcH())
        throw new IllegalArgumentException("light cone of " + cone.lengthMpcH() + " Mpc/h in a box of " + mesh.lzMpcH()
            + " Mpc/h along z: both must be the same");
    }
  }

  /** Lens planes of the light cone; 0 for a snapshot. */
  public int planes() {
    return timeline.edges() instanceof Edges.LightCone cone ? cone.planes() : 0;
  }

  /**
   * Ghost cells that painting and reading need on a split axis: a particle may stand that far and touch the next cell.
   */
  public int haloCells(int axis) {
    return (int) maxDisplacementCells[axis] + 1;
  }

  /** Painted mesh; its halo also serves the difference of a painted cotangent. */
  Grid paintGrid(Decomposition d, int rank) {
    return Grid.of(d, rank, Math.max(2, haloCells(0)), Math.max(2, haloCells(1)));
  }

  /** Elements of the largest field that a rank holds. */
  public long largestField(Decomposition d, int rank) {
    return Math.max(meshFloats(d, rank), paintGrid(d, rank).size());
  }

  /** A density's cotangent, which particles read. */
  Grid forceGrid(Decomposition d, int rank) {
    return Grid.of(d, rank, haloCells(0), haloCells(1));
  }

  /**
   * The potential: a force's halo and the difference's reach, or twice that reach for the second derivatives of 2LPT.
   */
  Grid potentialGrid(Decomposition d, int rank) {
    return Grid.of(d, rank, Math.max(4, haloCells(0) + 2), Math.max(4, haloCells(1) + 2));
  }

  /** A mesh without ghosts. */
  static Grid plainGrid(Decomposition d, int rank) {
    return Grid.of(d, rank, 0, 0);
  }

  /** Cells by axis that the whole part of a displacement stays within: [−reach, reach). */
  int[] reach() {
    return new int[]{haloCells(0), haloCells(1), haloCells(2)};
  }

  /** Floats of either mesh: a potential with its ghosts, a spectrum, or the forces around a part of the particles. */
  long meshFloats(Decomposition d, int rank) {
    Grid grid = potentialGrid(d, rank);
    return Math.max(new Pencil(d, rank).floats(),
        Math.max(grid.size(), ForceBlock.of(grid, reach()).floats(reach())));
  }

  /**
   * Fields that a {@link Simulation} allocates of its lane for one chain on a rank, bytes: particles and cotangents,
   * meshes.
   */
  public long fieldBytes(Purpose purpose, Decomposition d, int rank) {
    long cells = d.block(rank).size();
    long particles = (purpose == Purpose.GRADIENT ? 12 : 9) * 4 * cells;
    return particles + 4 * (2 * meshFloats(d, rank) + paintGrid(d, rank).size());
  }

  /**
   * Native memory that staging takes for one chain on a rank, bytes; an upper bound: halos and pencils to the byte,
   * sums and coefficients with the memory that their growing buffers leave behind.
   */
  public long stagingBytes(Decomposition d, int rank) {
    if (d.ranks() == 1)
      return 0;
    long collectives = (1 << 20) + 8192L * d.ranks();
    return Halo.stagingBytes(d, rank, potentialGrid(d, rank)) + Fourier.stagingBytes(d, rank) + collectives;
  }
}
