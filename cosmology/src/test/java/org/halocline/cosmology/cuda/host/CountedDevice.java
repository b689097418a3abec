package org.halocline.cosmology.cuda.host;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.halocline.cosmology.cuda.device.Device;
import org.halocline.cosmology.cuda.device.DeviceQueue;

/**
 * A device that notes how much memory each queue had when it was closed: all that it ever had, for queues free nothing
 * before. Thread-safe.
 */
public final class CountedDevice extends DeviceDouble {
  private final List<Long> closedWith = new CopyOnWriteArrayList<>();

  public CountedDevice(Device device) {
    super(device);
  }

  /** Of every queue that was closed, bytes. */
  public List<Long> closedWith() {
    return List.copyOf(closedWith);
  }

  @Override
  protected Object call(DeviceQueue queue, String method, Object[] arguments, Call whole) throws Throwable {
    if (method.equals("close"))
      closedWith.add(queue.allocatedBytes());
    return whole.run();
  }
}
