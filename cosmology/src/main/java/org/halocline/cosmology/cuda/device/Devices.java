package org.halocline.cosmology.cuda.device;

import java.util.List;

/**
 * The GPUs of this process. Looking for them loads native libraries, so it is done once and only when asked for. The driver honours
 * {@code CUDA_VISIBLE_DEVICES}.
 *
 * @param list those that can be used, by ordinal
 * @param reason why there are not more, in words; empty where all were found usable
 */
public record Devices(List<DeviceDescription> list, String reason) {
  public Devices {
    list = List.copyOf(list);
  }

  /** Never throws: without a GPU, a driver or cuFFT the list is empty and the reason says why. */
  public static Devices discover() {
    return new Devices(List.of(), "no driver is bound");
  }

  /**
   * Opens a device; the caller closes it. A process opens each at most once at a time.
   *
   * @throws DeviceException if there is no such device, or if its context or module cannot be made
   */
  public Device open(int ordinal) {
    throw new DeviceException("device " + ordinal + ": " + reason);
  }
}
