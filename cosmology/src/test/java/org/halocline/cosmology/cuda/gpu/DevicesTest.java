package org.halocline.cosmology.cuda.gpu;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.halocline.cosmology.cuda.device.Device;
import org.halocline.cosmology.cuda.device.DeviceDescription;
import org.halocline.cosmology.cuda.device.DeviceException;
import org.halocline.cosmology.cuda.driver.UnavailableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which devices are found, and in which words the others are not. */
@Timeout(300)
class DevicesTest {
  private final FakeDriver driver = new FakeDriver(1);

  @Test
  void shouldNeverThrowAndAlwaysGiveAReasonForAnEmptyList() {
    Devices devices = assertDoesNotThrow(Devices::discover);
    System.out.println("GPUs: " + devices.list() + " " + devices.reason());
    assertTrue(!devices.list().isEmpty() || !devices.reason().isBlank());
    if (devices.list().isEmpty())
      assertTrue(assertThrows(DeviceException.class, () -> devices.open(0)).getMessage().contains(devices.reason()));
  }

  @Test
  void shouldDescribeADevice() {
    DeviceDescription found = driver.found().list().getFirst();
    assertEquals("Fake 0", found.name());
    assertEquals("12.4", found.driver());
    assertEquals("cuFFT 12.0.40", found.fft());
    assertTrue(found.fftReason().contains("libcufft.so.10 is in none"), found::fftReason);
    try (Device device = driver.device()) {
      assertEquals("cuda/cufft-12.0.40/sm_90", device.arithmetic());
    }
  }

  @Test
  void shouldRefuseAnOldDriver() {
    driver.version = 11040;
    refused("11.4");
  }

  @Test
  void shouldRefuseADriverWithoutDevices() {
    driver.count = 0;
    refused("CUDA_VISIBLE_DEVICES");
  }

  @Test
  void shouldRefuseAnOldDevice() {
    driver.major = 6;
    refused("compute capability 6.0");
  }

  @Test
  void shouldRefuseToDoWithoutCufft() {
    Devices devices = Devices.of(driver, _ -> {
      throw new UnavailableException("no cuFFT: nowhere");
    });
    assertTrue(devices.list().isEmpty());
    assertEquals("no cuFFT: nowhere", devices.reason());
  }

  private void refused(String words) {
    Devices devices = driver.found();
    assertTrue(devices.list().isEmpty());
    assertTrue(devices.reason().contains(words), devices::reason);
  }

  @Test
  void shouldOpenADeviceOnceAtATime() {
    Devices devices = driver.found();
    try (Device device = devices.open(0, () -> FakeDriver.MODULE)) {
      assertNotNull(device.description());
      assertThrows(DeviceException.class, () -> devices.open(0, () -> FakeDriver.MODULE));
    }
    devices.open(0, () -> FakeDriver.MODULE).close();
    assertThrows(DeviceException.class, () -> devices.open(1, () -> FakeDriver.MODULE));
    assertEquals(List.of(), driver.live());
  }

  @Test
  void shouldLeaveNothingWhereTheModuleDoesNotLoad() {
    driver.failNext("load", 218);
    Set<Thread> before = Thread.getAllStackTraces().keySet(); // another test of this JVM may hold a device
    Devices devices = driver.found();
    DeviceException thrown = assertThrows(DeviceException.class, () -> devices.open(0, () -> FakeDriver.MODULE));
    assertTrue(thrown.getMessage().contains("opening"), thrown::getMessage);
    assertEquals(List.of(), driver.live());
    assertFalse(Thread.getAllStackTraces().keySet().stream().anyMatch(thread -> thread.getName().equals("cuda-0")
        && thread.isAlive() && !before.contains(thread)), "its thread lives on");
    devices.open(0, () -> FakeDriver.MODULE).close();
  }
}
