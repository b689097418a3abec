package org.halocline.cosmology.nbody;

import org.halocline.cosmology.cuda.host.DeviceUnderTest;

/** On a core in a GPU's place. */
class CudaProgramTest extends DeviceProgramTest {
  @Override
  DeviceUnderTest device() {
    return DeviceUnderTest.HOST;
  }
}
