package org.halocline.cosmology.cuda;

import org.halocline.cosmology.cuda.host.DeviceUnderTest;

/** On a core in a GPU's place. */
class CudaFieldsTest extends DeviceFieldsTest {
  @Override
  DeviceUnderTest deviceUnderTest() {
    return DeviceUnderTest.HOST;
  }
}
