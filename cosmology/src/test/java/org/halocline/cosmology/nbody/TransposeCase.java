package org.halocline.cosmology.nbody;

import java.util.stream.Stream;
import org.halocline.cosmology.background.Edges;
import org.halocline.cosmology.background.Scheme;
import org.halocline.cosmology.background.Spacing;
import org.halocline.cosmology.mesh.FixedPoint;
import org.halocline.cosmology.mesh.Mesh;

/** A mesh, and how far its particles may go. */
record TransposeCase(Mesh mesh, double max) {
  SimulationPlan plan(int lptOrder) throws Exception {
    SimulationPlan plan = Cases.plan(mesh, lptOrder, Scheme.BULLFROG, new Edges.Snapshot(3, Spacing.LOG_A), max);
    // A fine momentum, so that what a kick reads is rounded less than a float.
    return new SimulationPlan(mesh, plan.timeline(), plan.maxDisplacementCells(), new FixedPoint(24, 0x1p-26, 20),
        plan.lensing());
  }

  private static TransposeCase of(int nx, int ny, int nz, double max) {
    return new TransposeCase(new Mesh(nx, ny, nz, 9.0 * nx, 11.0 * ny, 10.0 * nz), max);
  }

  /** From odd, prime and tiny meshes to halos wider than the mesh. */
  static Stream<TransposeCase> all() {
    return Stream.of(of(8, 6, 10, 0.75), of(12, 9, 8, 3), of(7, 5, 11, 2.5), of(13, 3, 5, 9.5), of(6, 6, 1, 1),
        of(4, 3, 2, 1.25), of(3, 4, 3, 5), of(2, 3, 4, 2), of(1, 3, 2, 1.5), of(2, 1, 1, 0.5), of(1, 1, 7, 1),
        of(3, 2, 1, 4));
  }

  /** Where a cell lies in an array of the mesh; every axis is periodic. */
  static int cell(Mesh mesh, int[] at) {
    return (Math.floorMod(at[0], mesh.nx()) * mesh.ny() + Math.floorMod(at[1], mesh.ny())) * mesh.nz()
        + Math.floorMod(at[2], mesh.nz());
  }
}
