package org.halocline.cosmology.nbody;

import org.halocline.cosmology.core.CoreKernels;
import org.halocline.cosmology.kernel.Kernels;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Cases that the reference does not exercise, made by a second float64 program with automatic differentiation from the
 * reference's text alone: curvature of both signs and w ≠ −1 with both schemes, each LPT order with the other scheme,
 * all spacings of edges, odd meshes, displacements of several cells, light cones with Nx ≠ Ny, Δx ≠ Δy and rays that
 * leave the box sideways.
 */
@Timeout(300)
class CasesTest {

  /** Of a new chain on the kind of lane that is tested. */
  Kernels kernels() {
    return CoreKernels.of();
  }

  @ParameterizedTest
  @CsvSource({"snapshot_lpt1_bullfrog,4,1,1", "snapshot_lpt1_bullfrog,4,2,2", "snapshot_lpt2_fastpm,4,1,1",
      "snapshot_lpt2_fastpm,4,2,2", "snapshot_large,9,1,1", "snapshot_large,9,2,2"})
  void shouldMeetSnapshots(String name, double maxDisplacement, int px, int py) throws Exception {
    new FixtureCheck(Fixture.of("cases", name), maxDisplacement, this::kernels).snapshot(px, py);
  }

  @ParameterizedTest
  @CsvSource({"lightcone_closed,1,1", "lightcone_closed,2,2", "lightcone_open,1,1", "lightcone_open,2,2"})
  void shouldMeetLightCones(String name, int px, int py) throws Exception {
    new FixtureCheck(Fixture.of("cases", name), 4, this::kernels).lightCone(px, py);
  }
}
