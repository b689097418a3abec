package org.halocline.domain.lane;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.halocline.cosmology.cuda.CudaKernels;
import org.halocline.cosmology.cuda.device.Device;
import org.halocline.cosmology.cuda.device.DeviceException;
import org.halocline.cosmology.cuda.device.DeviceQueue;
import org.halocline.cosmology.cuda.gpu.Devices;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.lane.Lane;
import org.halocline.runtime.lane.LaneSource;
import org.halocline.runtime.lane.LaneTraits;
import org.halocline.runtime.membership.NodeException;

/**
 * Offers the GPUs of a node as lanes. As a rule a GPU is one lane; several lanes of one GPU share its memory, and let
 * several subdomains be on it. Devices are opened with the lanes and closed with this. Not thread-safe: a node opens
 * and closes it.
 */
public final class CudaLanes implements LaneSource {
  /** Of a device, for its driver and for kernels' code: so much, or this share of it where it is small. */
  private static final long RESERVE_BYTES = 1L << 30;
  private static final int RESERVE_SHARE = 16;

  private final List<Supplier<Device>> devices;
  private final int lanesADevice;
  private final List<Device> open = new ArrayList<>();

  /** Of the GPUs that were found here. */
  public CudaLanes(Devices found, int lanesADevice) {
    this(found.list().stream().<Supplier<Device>>map(device -> () -> found.open(device.ordinal())).toList(),
        lanesADevice);
  }

  /**
   * Of any devices.
   *
   * @param devices each opens one
   * @param lanesADevice at least 1
   */
  public CudaLanes(List<Supplier<Device>> devices, int lanesADevice) {
    if (lanesADevice < 1)
      throw new IllegalArgumentException(lanesADevice + " lanes a device");
    this.devices = List.copyOf(devices);
    this.lanesADevice = lanesADevice;
  }

  @Override
  public String kind() {
    return LaneTraits.CUDA;
  }

  /**
   * Opens every device; the cores' number and memory do not matter.
   *
   * @throws NodeException when a device cannot be opened
   */
  @Override
  public List<Lane> open(int cores, long memoryBytes) {
    List<Lane> lanes = new ArrayList<>();
    try {
      for (Supplier<Device> supplier : devices) {
        Device device = supplier.get();
        open.add(device);
        for (LaneTraits traits : traits(device.description().ordinal(), device.description().memoryBytes(),
            CudaKernels.arithmetic(device), lanesADevice))
          lanes.add(new CudaLane(traits, device));
      }
      return lanes;
    } catch (DeviceException failed) {
      close();
      throw new NodeException(
          Problem.of("layout.device", "a GPU cannot be opened: " + failed.getMessage(), "see halocline doctor"),
          failed);
    }
  }

  /** A lane of a device. While a chain waits for the device, others enqueue their kernels. */
  private static final class CudaLane extends KernelLane {
    private final Device device;

    CudaLane(LaneTraits traits, Device device) {
      super(traits);
      this.device = device;
    }

    /**
     * On a queue of their own, which is closed if they cannot be made. A lane of a device that has broken makes none
     * any more.
     */
    @Override
    public Kernels open(Runnable heed) {
      DeviceQueue queue;
      try {
        queue = device.open(this::lend);
      } catch (DeviceException failed) {
        throw device.usable()
            ? failed
            : new DeviceException("lane " + name() + " takes no new chains: " + failed.getMessage(), failed);
      }
      try {
        return CudaKernels.on(queue);
      } catch (RuntimeException | Error failed) {
        queue.close();
        throw failed;
      }
    }
  }

  /**
   * What the lanes of one device will be, without opening it.
   *
   * @param memoryBytes all of the device's
   * @param arithmetic empty where it is not known yet
   */
  public static List<LaneTraits> traits(int ordinal, long memoryBytes, String arithmetic, int lanes) {
    long usable = memoryBytes - Math.min(RESERVE_BYTES, memoryBytes / RESERVE_SHARE);
    String device = LaneTraits.CUDA + "-" + ordinal;
    return IntStream.range(0, lanes)
        .mapToObj(
            i -> LaneTraits.cuda(lanes == 1 ? device : device + "." + i, arithmetic, device, usable / lanes))
        .toList();
  }

  /** Closes the devices, the last opened first. */
  @Override
  public void close() {
    for (Device device : open.reversed())
      device.close();
    open.clear();
  }
}
