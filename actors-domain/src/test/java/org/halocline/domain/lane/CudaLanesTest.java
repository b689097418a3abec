package org.halocline.domain.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.halocline.cosmology.cuda.device.Device;
import org.halocline.cosmology.cuda.device.DeviceQueue;
import org.halocline.cosmology.cuda.device.Waits;
import org.halocline.cosmology.cuda.host.DeviceDouble;
import org.halocline.cosmology.cuda.host.HostDevice;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.domain.Waiting;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Chains that share a lane of a device. */
@Timeout(300)
class CudaLanesTest {
  private Device host;

  @BeforeEach
  void find() {
    Optional<HostDevice> found = HostDevice.find();
    assumeTrue(found.isPresent(), HostDevice::reason);
    host = found.orElseThrow();
  }

  /** A device whose next wait ends when told. */
  private final class Slow extends DeviceDouble {
    private final CountDownLatch waiting = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);
    private final AtomicBoolean next = new AtomicBoolean();

    Slow() {
      super(host);
    }

    @Override
    public DeviceQueue open(Waits waits) {
      return super.open(wait -> waits.during(() -> {
        if (next.compareAndSet(true, false)) {
          waiting.countDown();
          await(over);
        }
        wait.run();
      }));
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(3, TimeUnit.MINUTES));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static float work(Kernels kernels, float value) {
    Field.Floats field = kernels.memory().floats(3);
    kernels.vectors().fill(field, value);
    float[] read = new float[3];
    kernels.memory().read(field, 0, read, 0, 3);
    return read[2];
  }

  @Test
  void shouldLendTheLaneWhileAChainWaitsForItsDevice() throws Exception {
    Slow slow = new Slow();
    try (CudaLanes lanes = new CudaLanes(List.of(() -> slow), 1)) {
      KernelLane lane = (KernelLane) lanes.open(1, 0).getFirst();
      Kernels first = lane.open(() -> {});
      Kernels second = lane.open(() -> {});
      lane.acquire();
      Thread other = Thread.ofVirtual().start(() -> {
        lane.acquire();
        await(slow.waiting);
        assertEquals(2, work(second, 2));
        slow.over.countDown();
        lane.release();
      });
      Waiting.until("the other chain", lane::contended);
      slow.next.set(true);
      assertEquals(1, work(first, 1), "after the other chain's work, which it would otherwise wait for in vain");
      assertEquals(0, slow.over.getCount());
      lane.release();
      other.join();
      assertFalse(lane.contended());
      second.memory().close();
      first.memory().close();
    }
  }

  @Test
  void shouldWaitWithoutALane() {
    try (CudaLanes lanes = new CudaLanes(List.of(() -> host), 1)) {
      Kernels kernels = ((KernelLane) lanes.open(1, 0).getFirst()).open(() -> {});
      assertEquals(5, work(kernels, 5));
      kernels.memory().close();
    }
  }
}
