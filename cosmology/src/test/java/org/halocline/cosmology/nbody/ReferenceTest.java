package org.halocline.cosmology.nbody;

import org.halocline.cosmology.core.CoreKernels;
import org.halocline.cosmology.kernel.Kernels;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The reference's fixtures, by values and gradients, on several layouts. */
@Timeout(300)
class ReferenceTest {
  private static final double MAX_DISPLACEMENT = 3;

  /** Of a new chain on the kind of lane that is tested. */
  Kernels kernels() {
    return CoreKernels.of();
  }

  @ParameterizedTest
  @CsvSource({"snapshot,1,1", "snapshot,2,1", "snapshot,1,3", "snapshot,2,2", "snapshot_fastpm,1,1",
      "snapshot_fastpm,2,1", "snapshot_fastpm,1,3", "snapshot_fastpm,2,2"})
  void shouldMeetSnapshots(String name, int px, int py) throws Exception {
    new FixtureCheck(Fixture.of("reference", name), MAX_DISPLACEMENT, this::kernels).snapshot(px, py);
  }

  @ParameterizedTest
  @CsvSource({"1,1", "2,1", "1,3", "2,2"})
  void shouldMeetLightCone(int px, int py) throws Exception {
    new FixtureCheck(Fixture.of("reference", "lightcone"), MAX_DISPLACEMENT, this::kernels).lightCone(px, py);
  }
}
