package org.halocline.cosmology.comm;

import org.halocline.cosmology.cuda.host.DeviceUnderTest;
import org.halocline.cosmology.kernel.Kernels;

/** Halos through the kernels of a device, on a core in its place. */
class CudaHaloTest extends HaloTest {
  @Override
  Kernels kernels() {
    return DeviceUnderTest.HOST.kernels();
  }
}
