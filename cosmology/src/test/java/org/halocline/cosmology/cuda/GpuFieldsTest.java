package org.halocline.cosmology.cuda;

import org.halocline.cosmology.cuda.host.DeviceUnderTest;

/** On a GPU, where there is one. */
class GpuFieldsTest extends DeviceFieldsTest {
  @Override
  DeviceUnderTest deviceUnderTest() {
    return DeviceUnderTest.GPU;
  }
}
