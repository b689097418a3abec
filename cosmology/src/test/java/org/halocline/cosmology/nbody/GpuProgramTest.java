package org.halocline.cosmology.nbody;

import org.halocline.cosmology.cuda.host.DeviceUnderTest;

/** On a GPU, where there is one. */
class GpuProgramTest extends DeviceProgramTest {
  @Override
  DeviceUnderTest device() {
    return DeviceUnderTest.GPU;
  }
}
