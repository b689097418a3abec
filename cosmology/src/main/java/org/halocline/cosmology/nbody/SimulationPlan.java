package org.halocline.cosmology.nbody;

import java.util.Optional;
import org.halocline.cosmology.background.Edges;
import org.halocline.cosmology.background.Timeline;
import org.halocline.cosmology.lensing.LensingKernel;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.FixedPoint;
import org.halocline.cosmology.mesh.Grid;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.mesh.Pencil;

/**
 * What a simulation is, apart from θ and z: everything that memory, halos and quanta derive from. Fixed for a job.
 *
 * @param maxDisplacementCells largest displacement a particle may have on each axis, cells; a state beyond it is refused
 * @param lensing efficiencies of the sources, when the light cone is projected to a map
 */
public record SimulationPlan(Mesh mesh, Timeline timeline, double[] maxDisplacementCells, FixedPoint units,
    Optional<LensingKernel> lensing) {

  public SimulationPlan {
    if (maxDisplacementCells.length != 3)
      throw new IllegalArgumentException("one largest displacement an axis is needed");
    maxDisplacementCells = maxDisplacementCells.clone();
  }

  /** Lens planes of the light cone; 0 for a snapshot. */
  public int planes() {
    return timeline.edges() instanceof Edges.LightCone cone ? cone.planes() : 0;
  }

  /** Ghost cells that painting and reading need on a split axis: a particle may stand that far and touch the next cell. */
  public int haloCells(int axis) {
    return (int) maxDisplacementCells[axis] + 1;
  }

  /** Painted mesh; its halo also serves the difference of a painted cotangent. */
  Grid paintGrid(Decomposition d, int rank) {
    return Grid.of(d, rank, Math.max(2, haloCells(0)), Math.max(2, haloCells(1)));
  }

  /** A force axis, or a density's cotangent. */
  Grid forceGrid(Decomposition d, int rank) {
    return Grid.of(d, rank, haloCells(0), haloCells(1));
  }

  /** The potential: a force's halo and the difference's reach, or twice that reach for the second derivatives of 2LPT. */
  Grid potentialGrid(Decomposition d, int rank) {
    return Grid.of(d, rank, Math.max(4, haloCells(0) + 2), Math.max(4, haloCells(1) + 2));
  }

  /** A mesh that a difference is taken of. */
  static Grid differenceGrid(Decomposition d, int rank) {
    return Grid.of(d, rank, 2, 2);
  }

  /** A mesh without ghosts. */
  static Grid plainGrid(Decomposition d, int rank) {
    return Grid.of(d, rank, 0, 0);
  }

  /** Floats of the work mesh: a spectrum, a force axis or a differenced mesh. */
  long workFloats(Decomposition d, int rank) {
    return Math.max(new Pencil(d, rank).floats(),
        Math.max(forceGrid(d, rank).size(), differenceGrid(d, rank).size()));
  }

  /** Heap that {@link Simulation} allocates for one chain on a rank, bytes: particles and cotangents, meshes, scratch. */
  public long heapBytes(Decomposition d, int rank) {
    long cells = d.block(rank).size();
    long particles = 12 * 4 * cells;
    long meshes = 4 * (potentialGrid(d, rank).size() + paintGrid(d, rank).size() + 2 * workFloats(d, rank));
    long plain = 3 * 4 * cells;
    long planes = 8L * planes() * (d.block(rank).lines() + (rank == 0 ? 3L * d.mesh().nx() * d.mesh().ny() : 0));
    return particles + meshes + plain + planes;
  }

  /** Native memory that staging takes for one chain on a rank, bytes; an upper bound. */
  public long stagingBytes(Decomposition d, int rank) {
    if (d.ranks() == 1)
      return 0;
    Grid potential = potentialGrid(d, rank);
    long halo = 4L * potential.nz()
        * (2L * potential.haloX() * potential.ny() + 2L * potential.haloY() * potential.extentX());
    return 4 * halo + 4 * 4 * new Pencil(d, rank).floats() + (1 << 20);
  }
}
