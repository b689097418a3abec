package org.halocline.cosmology.cuda.gpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.halocline.cosmology.cuda.device.DeviceException;
import org.halocline.cosmology.cuda.driver.DriverContext;
import org.halocline.cosmology.cuda.driver.DriverException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a queue holds: device memory, page-locked host memory, the work area of its transforms. The chain's thread calls
 * it; the driver is asked on the device's.
 */
final class QueueMemory {
  private static final Logger LOG = LoggerFactory.getLogger(QueueMemory.class);
  private static final long ALIGNMENT = 256;

  private final CudaDevice device;
  private final DriverContext context;
  private final Arena arena = Arena.ofShared();
  /** Bytes by address, in the order of their allocation. */
  private final SequencedMap<Long, Long> allocated = new LinkedHashMap<>();
  private final TreeMap<Long, Long> pinned = new TreeMap<>();
  private volatile long deviceBytes;
  private long work;
  private long workBytes;

  QueueMemory(CudaDevice device, DriverContext context) {
    this.device = device;
    this.context = context;
  }

  /** Zeroed in the order of the stream. */
  long allocate(long asked, DriverContext.Stream stream) {
    long rounded = rounded(asked);
    return device.call("allocation of " + asked + " bytes", () -> {
      long address = take(rounded);
      context.clear(address, rounded, stream);
      return address;
    });
  }

  private static long rounded(long asked) {
    return Math.max(ALIGNMENT, (asked + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
  }

  private long take(long size) {
    long address;
    try {
      address = context.allocate(size);
    } catch (DriverException e) {
      throw e.outOfMemory() ? exhausted(size, e) : e;
    }
    allocated.put(address, size);
    deviceBytes += size;
    device.hold(size);
    return address;
  }

  private DeviceException exhausted(long size, DriverException cause) {
    return new DeviceException(device.name() + ": " + CudaDevice.gibibytes(size) + " GiB asked for, "
        + CudaDevice.gibibytes(context.freeBytes()) + " GiB free of "
        + CudaDevice.gibibytes(device.description().memoryBytes()) + " GiB. This chain holds "
        + CudaDevice.gibibytes(deviceBytes) + " GiB, all chains of this process "
        + CudaDevice.gibibytes(device.heldBytes())
        + " GiB: take fewer chains on this GPU, more subdomains or a smaller mesh, or end other programs on it "
        + "(nvidia-smi)",
        cause);
  }

  private void give(long address) {
    long size = allocated.remove(address);
    deviceBytes -= size;
    device.hold(-size);
    context.free(address);
  }

  long deviceBytes() {
    return deviceBytes;
  }

  /** The work area of all transforms. */
  long work() {
    return work;
  }

  long workBytes() {
    return workBytes;
  }

  /** Replaces the work area, which nothing uses now, by a larger one. */
  void growWork(long asked, DriverContext.Stream stream) {
    long size = rounded(asked);
    work = device.call("work area of " + size + " bytes", () -> {
      long grown = take(size);
      if (workBytes > 0)
        give(work);
      return grown;
    });
    workBytes = size;
  }

  MemorySegment pin(long asked) {
    long size = rounded(asked);
    long address = device.call("pinning " + asked + " bytes", () -> {
      try {
        return context.allocateHost(size);
      } catch (DriverException e) {
        throw e.outOfMemory()
            ? new DeviceException(device.name() + ": " + CudaDevice.gibibytes(size)
                + " GiB of page-locked host memory asked for, more than this machine or container gives: raise its "
                + "memory limit, lower the JVM's heap, or take fewer chains", e)
            : e;
      }
    });
    pinned.put(address, size);
    return view(address, asked).fill((byte) 0);
  }

  /** A view that cannot be used once the memory is freed. */
  @SuppressWarnings("restricted")
  private MemorySegment view(long address, long size) {
    return MemorySegment.ofAddress(address).reinterpret(size, arena, _ -> {});
  }

  boolean isPinned(MemorySegment memory, long size) {
    if (!memory.isNative())
      return false;
    Map.Entry<Long, Long> below = pinned.floorEntry(memory.address());
    return below != null && memory.address() + size <= below.getKey() + below.getValue();
  }

  /** On the device's thread: gives everything back, newest first. */
  void free(Consumer<Runnable> each, boolean pinnedToo) {
    for (long address : List.copyOf(allocated.reversed().keySet()))
      each.accept(() -> give(address));
    if (pinnedToo)
      for (long address : pinned.descendingKeySet())
        each.accept(() -> context.freeHost(address));
    workBytes = 0;
  }

  /**
   * From now on host memory that was pinned cannot be used, so it may be freed; false if something is using it at this
   * moment.
   */
  boolean unmap() {
    try {
      arena.close();
      return true;
    } catch (IllegalStateException e) {
      LOG.warn("{}: pinned memory is in use while its queue closes, and is kept: {}", device.name(), e.getMessage());
      return false;
    }
  }
}
