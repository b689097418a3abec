package org.halocline.cosmology.cuda.memory;

import org.halocline.cosmology.cuda.device.DeviceBuffer;
import org.halocline.cosmology.cuda.device.DeviceQueue;

/**
 * Device memory whose content is good until the next kernel that asks for it. It is allocated when it is first needed.
 */
public final class DeviceScratch {
  private final DeviceQueue queue;
  private DeviceBuffer buffer;

  public DeviceScratch(DeviceQueue queue) {
    this.queue = queue;
    this.buffer = queue.allocate(0);
  }

  /**
   * At least so many bytes; what is outgrown is freed with the queue only, so callers ask for the most they need at
   * once.
   */
  public DeviceBuffer of(long bytes) {
    if (buffer.bytes() < bytes)
      buffer = queue.allocate(bytes);
    return buffer;
  }
}
