package org.halocline.cosmology.cuda.memory;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.Consumer;
import org.halocline.cosmology.cuda.device.DeviceBuffer;
import org.halocline.cosmology.cuda.device.DeviceQueue;
import org.halocline.cosmology.cuda.device.DeviceQueue.Mark;
import org.halocline.cosmology.cuda.device.DeviceQueue.Transfer;

/**
 * Device memory by way of which fields and staging memory are copied: kernels pack and unpack it in their own order,
 * and the copies run beside them on the second stream. Slots are taken in turn, so that a slot is packed while the one
 * before it is copied. A kernel that packs a slot waits for what was last copied from it; a copy into a slot, for the
 * kernel that last unpacked it. Allocated when it is first needed.
 */
public final class StagingSlots {
  /** Bytes of a slot: a copy of that many takes far longer than to begin it. */
  public static final long BYTES = 4 << 20;
  private static final int COUNT = 4;

  private final DeviceQueue queue;
  private final Slot[] slots = new Slot[COUNT];
  private int next;

  public StagingSlots(DeviceQueue queue) {
    this.queue = queue;
  }

  /** Device memory that all slots take. */
  public static long deviceBytes() {
    return COUNT * BYTES;
  }

  private static final class Slot {
    private final DeviceBuffer buffer;
    /** The last copy from it. */
    private Optional<Transfer> out = Optional.empty();
    /** Behind the last kernel that used what was copied into it. */
    private Mark free;

    Slot(DeviceBuffer buffer, Mark free) {
      this.buffer = buffer;
      this.free = free;
    }
  }

  private Slot next() {
    int taken = next;
    next = (next + 1) % COUNT;
    if (slots[taken] == null)
      slots[taken] = new Slot(queue.allocate(BYTES), queue.mark());
    return slots[taken];
  }

  /**
   * Has a slot packed and copied to pinned memory.
   *
   * @param bytes at most {@link #BYTES}
   * @param pack launches what writes the slot
   */
  public Transfer toHost(MemorySegment to, long bytes, Consumer<DeviceBuffer> pack) {
    Slot slot = next();
    slot.out.ifPresent(Transfer::join);
    pack.accept(slot.buffer);
    Transfer copy = queue.copyToHostAside(slot.buffer, 0, to, bytes);
    slot.out = Optional.of(copy);
    return copy;
  }

  /**
   * Has pinned memory copied into a slot and unpacked.
   *
   * @param bytes at most {@link #BYTES}
   * @param unpack launches what reads the slot
   */
  public Transfer toDevice(MemorySegment from, long bytes, Consumer<DeviceBuffer> unpack) {
    Slot slot = next();
    Transfer copy = queue.copyToDeviceAside(from, slot.buffer, 0, bytes, slot.free);
    copy.join();
    unpack.accept(slot.buffer);
    slot.free = queue.mark();
    return copy;
  }
}
