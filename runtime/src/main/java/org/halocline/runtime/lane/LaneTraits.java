package org.halocline.runtime.lane;

/**
 * What a lane is; fixed when it is opened. A core's memory is its share of the node's. A lane on a device has a share
 * of the device's memory, and of the node's none of its own: what it needs there comes out of the shares of cores that
 * stand idle.
 *
 * @param name unique within its node
 * @param kind {@link #CORE} or {@link #CUDA}
 * @param arithmetic decides the bits that it makes, such as "core/vector-fft-1"; empty where a JVM that plans cannot
 * know
 * @param memoryBytes of the node, for the chains on it
 * @param device the device whose memory it shares with its other lanes; empty for a core
 * @param deviceBytes its share of that memory; a chain may use more where other lanes of the device stand idle
 * @param hostCores of the host whose cores the lanes on it share; 0 where the number is unknown or does not matter
 */
public record LaneTraits(String name, String kind, String arithmetic, long memoryBytes, String device,
    long deviceBytes, int hostCores) {
  /** A core of a processor. */
  public static final String CORE = "core";
  /** A GPU, or a part of one, reached by CUDA. */
  public static final String CUDA = "cuda";

  public LaneTraits {
    if (memoryBytes < 0 || deviceBytes < 0)
      throw new IllegalArgumentException(
          "lane " + name + " of " + memoryBytes + " bytes, and " + deviceBytes + " of a device");
    if (device.isEmpty() && deviceBytes > 0)
      throw new IllegalArgumentException("lane " + name + " has " + deviceBytes + " bytes of no device");
  }

  public static LaneTraits core(String name, String arithmetic, long memoryBytes, int hostCores) {
    return new LaneTraits(name, CORE, arithmetic, memoryBytes, "", 0, hostCores);
  }

  public static LaneTraits cuda(String name, String arithmetic, String device, long deviceBytes) {
    return new LaneTraits(name, CUDA, arithmetic, 0, device, deviceBytes, 0);
  }
}
