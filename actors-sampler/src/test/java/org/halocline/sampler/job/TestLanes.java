package org.halocline.sampler.job;

import java.util.List;
import java.util.Optional;
import org.halocline.cosmology.cuda.gpu.Devices;
import org.halocline.cosmology.cuda.host.HostDevice;
import org.halocline.domain.lane.CoreLanes;
import org.halocline.domain.lane.CudaLanes;
import org.halocline.runtime.lane.LaneSource;
import org.halocline.sampler.model.LayoutDevice;
import org.junit.jupiter.api.Assumptions;

/** The lanes that jobs are tested on. */
enum TestLanes {
  CORES(LayoutDevice.CORE) {
    @Override
    List<LaneSource> sources(int lanes) {
      return List.of(new CoreLanes());
    }
  },
  /** The kernels of a GPU, compiled for a core; skips the test where there is no compiler. */
  HOST(LayoutDevice.GPU) {
    @Override
    List<LaneSource> sources(int lanes) {
      Optional<HostDevice> device = HostDevice.find();
      Assumptions.assumeTrue(device.isPresent(), HostDevice::reason);
      return List.of(new CoreLanes(), new CudaLanes(List.of(device::orElseThrow), lanes));
    }
  },
  /** All on one GPU; skips the test where there is none. */
  GPU(LayoutDevice.GPU) {
    @Override
    List<LaneSource> sources(int lanes) {
      Devices devices = Devices.discover();
      Assumptions.assumeFalse(devices.list().isEmpty(), () -> "no GPU: " + devices.reason());
      int first = devices.list().getFirst().ordinal();
      return List.of(new CoreLanes(), new CudaLanes(List.of(() -> devices.open(first)), lanes));
    }
  };

  private final LayoutDevice device;

  TestLanes(LayoutDevice device) {
    this.device = device;
  }

  /** What a job asks for. */
  LayoutDevice device() {
    return device;
  }

  /** So many cores, and so many lanes on one device where it is about devices. */
  abstract List<LaneSource> sources(int lanes);
}
