package org.halocline.cosmology.mesh;

import org.halocline.cosmology.cuda.host.DeviceUnderTest;

/** Halos through the kernels of a device, on a core in its place. */
class CudaHaloTest extends HaloTest {
  @Override
  Kernels kernels() {
    return DeviceUnderTest.HOST.kernels();
  }
}
