package org.halocline.cosmology.cuda.device;

import java.lang.foreign.MemorySegment;
import org.halocline.cosmology.kernel.Staged;

/**
 * One chain's work on a device, carried out in the order in which it was enqueued. Used by one thread at a time, the
 * chain's. Only {@link #finish()}, {@link Transfer#await()}, allocations, plans and copies of memory that is not pinned
 * wait, and they park the (virtual) thread. Errors of work that runs later surface as {@link DeviceException} at the
 * next call that waits, with the name of the operation where the driver tells it. Arguments are checked when a call is
 * made: ranges of buffers, multiples, grids.
 */
public interface DeviceQueue extends AutoCloseable {

  /**
   * Zeroed device memory, aligned to 256 bytes, that lives as long as this queue.
   *
   * @param bytes 0 or more
   * @throws DeviceException with the numbers if there is not as much
   */
  DeviceBuffer allocate(long bytes);

  /**
   * Zeroed page-locked host memory, aligned to 64 bytes, that lives as long as this queue: copies to and from it do not
   * wait, and any thread may read and fill it between them.
   *
   * @throws DeviceException with the numbers if there is not as much
   */
  MemorySegment pinned(long bytes);

  /** Enqueues a kernel. */
  void launch(Launch launch);

  /**
   * Copies device memory to the host. Pinned memory is filled at the next {@link #finish()}; any other, on the heap
   * too, when this returns.
   */
  void copyToHost(DeviceBuffer from, long offset, MemorySegment to, long bytes);

  /**
   * Copies host memory to the device. Pinned memory must be left as it is until the next {@link #finish()}; any other,
   * on the heap too, may be changed when this returns.
   */
  void copyToDevice(MemorySegment from, DeviceBuffer to, long offset, long bytes);

  /** Copies device memory; the ranges do not overlap. */
  void copy(DeviceBuffer from, long fromOffset, DeviceBuffer to, long toOffset, long bytes);

  /** Sets bytes to zero. */
  void clear(DeviceBuffer buffer, long offset, long bytes);

  /**
   * Copies device memory to pinned memory on the second stream: after everything enqueued so far, beside what is
   * enqueued later, which must not write the source before the transfer is joined or awaited.
   */
  Transfer copyToHostAside(DeviceBuffer from, long offset, MemorySegment to, long bytes);

  /**
   * Copies pinned memory to the device on the second stream. The copy waits for the work before a mark and runs beside
   * all other work. Work that is enqueued later must not touch the target before the transfer is joined or awaited.
   *
   * @param after a mark of this queue, behind all that uses the target
   */
  Transfer copyToDeviceAside(MemorySegment from, DeviceBuffer to, long offset, long bytes, Mark after);

  /** A mark behind everything enqueued so far. Does not wait. */
  Mark mark();

  /**
   * Transforms of lines: one plan for each kind, length and batch, made once. All plans of a queue share one work area.
   *
   * @throws DeviceException if the plan cannot be made, with length, batch and the work area it asked for
   */
  LineFft lines(LineFft.Kind kind, int length, int batch);

  /** The work area that the plans of this queue share, in bytes; it is counted by {@link #allocatedBytes()}. */
  long fftWorkBytes();

  /** Device memory that this queue holds, in bytes. */
  long allocatedBytes();

  /**
   * Returns when all enqueued work is done, that of the second stream too.
   *
   * @throws DeviceException if any of it failed
   */
  void finish();

  /** Waits for enqueued work, then frees plans, streams and memory in reverse order. Idempotent; never throws. */
  @Override
  void close();

  /** A place in the order of a queue's work. */
  interface Mark {}

  /**
   * A copy on the second stream. Copies there are carried out in the order in which they were enqueued. A copy is known
   * to be done once a thread has waited for it or has finished the queue.
   */
  interface Transfer extends Staged {

    /** Work enqueued from now on runs after the copy. Does not wait. */
    void join();
  }
}
