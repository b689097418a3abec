package org.halocline.cosmology.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Optional;
import org.halocline.cosmology.cuda.device.Device;
import org.halocline.cosmology.cuda.device.DeviceBuffer;
import org.halocline.cosmology.cuda.device.DeviceException;
import org.halocline.cosmology.cuda.device.DeviceQueue;
import org.halocline.cosmology.cuda.device.LineFft;
import org.halocline.cosmology.cuda.host.DeviceDouble;
import org.halocline.cosmology.cuda.host.HostDevice;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Devices that open and compute nonsense. */
@Timeout(300)
class DeviceTrialTest {
  private Device host;

  @BeforeEach
  void find() {
    Optional<HostDevice> found = HostDevice.find();
    assumeTrue(found.isPresent(), HostDevice::reason);
    host = found.orElseThrow();
  }

  /** What a device does with a call of a queue. */
  private interface Fault {
    Object call(String method, Object[] arguments, DeviceDouble.Call whole) throws Throwable;
  }

  private Device with(Fault fault) {
    return new DeviceDouble(host) {
      @Override
      protected Object call(DeviceQueue queue, String method, Object[] arguments, Call whole) throws Throwable {
        return fault.call(method, arguments, whole);
      }
    };
  }

  /** Another sign, or none at all. */
  private record Wrong(LineFft right) implements LineFft {
    @Override
    public void run(DeviceBuffer in, long inOffset, DeviceBuffer out, long outOffset, boolean inverse) {
      if (kind() == Kind.COMPLEX)
        right.run(in, inOffset, out, outOffset, !inverse);
    }

    @Override
    public Kind kind() {
      return right.kind();
    }

    @Override
    public int length() {
      return right.length();
    }

    @Override
    public int batch() {
      return right.batch();
    }
  }

  @Test
  void shouldFindNoFaultWithADeviceThatComputes() {
    assertEquals(Optional.empty(), DeviceTrial.fault(host));
  }

  @Test
  void shouldNoticeAKernelThatDoesNotRun() {
    String fault = DeviceTrial.fault(with((name, _, whole) -> name.equals("launch") ? null : whole.run()))
        .orElseThrow();
    assertTrue(fault.contains("add_scaled gives 1.0 for number 1, 1.5 is right"), fault);
  }

  @ParameterizedTest
  @EnumSource
  void shouldNoticeWrongTransformsOfAnyKind(LineFft.Kind kind) {
    String fault = DeviceTrial.fault(with((name, arguments, whole) -> name.equals("lines") && arguments[0] == kind
        ? new Wrong((LineFft) whole.run())
        : whole.run())).orElseThrow();
    assertTrue(fault.contains("transform " + kind + " gives"), fault);
  }

  @Test
  void shouldTellWhatTheDeviceSays() {
    assertEquals(Optional.of("the context is lost"), DeviceTrial.fault(with((name, _, whole) -> {
      if (name.equals("finish") || name.equals("copyToHost"))
        throw new DeviceException("the context is lost");
      return whole.run();
    })));
  }
}
