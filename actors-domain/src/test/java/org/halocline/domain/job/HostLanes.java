package org.halocline.domain.job;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Optional;
import org.halocline.cosmology.cuda.host.HostDevice;
import org.halocline.domain.CudaLanes;

/** Lanes of a device that is a core: the kernels of a GPU, compiled for this machine. */
final class HostLanes {
  private HostLanes() {}

  /** Skips the test where there is no compiler. */
  static CudaLanes of(int lanes) {
    Optional<HostDevice> device = HostDevice.find();
    assumeTrue(device.isPresent(), HostDevice::reason);
    return new CudaLanes(List.of(device::orElseThrow), lanes);
  }
}
