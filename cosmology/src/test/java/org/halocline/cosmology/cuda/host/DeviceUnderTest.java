package org.halocline.cosmology.cuda.host;

import org.halocline.cosmology.cuda.CudaKernels;
import org.halocline.cosmology.cuda.device.Device;
import org.halocline.cosmology.cuda.gpu.Devices;
import org.halocline.cosmology.kernel.Kernels;
import org.junit.jupiter.api.Assumptions;

/** The devices that tests run on: the same tests on a core in a GPU's place, and on a GPU where there is one. */
public enum DeviceUnderTest {
  HOST {
    @Override
    Device find() {
      return HostDevice.find().orElseGet(() -> Assumptions.abort(HostDevice.reason()));
    }
  },
  GPU {
    @Override
    Device find() {
      Devices devices = Devices.discover();
      Assumptions.assumeFalse(devices.list().isEmpty(), () -> "no GPU: " + devices.reason());
      return devices.open(0);
    }
  };

  private Device device;

  abstract Device find();

  /** Opened once for all tests; aborts the test where there is none. */
  public synchronized Device device() {
    if (device == null)
      device = find();
    return device;
  }

  /** Of a new chain. */
  public Kernels kernels() {
    return CudaKernels.on(device().open());
  }
}
