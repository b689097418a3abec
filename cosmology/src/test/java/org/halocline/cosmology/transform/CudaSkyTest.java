package org.halocline.cosmology.transform;

import org.halocline.cosmology.cuda.host.DeviceUnderTest;
import org.halocline.cosmology.kernel.Kernels;

/** On a core in a GPU's place. */
class CudaSkyTest extends SkyTest {
  @Override
  Kernels kernels() {
    return DeviceUnderTest.HOST.kernels();
  }
}
