package org.halocline.cosmology.cuda.host;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.halocline.cosmology.cuda.device.Argument;
import org.halocline.cosmology.cuda.device.DeviceBuffer;
import org.halocline.cosmology.cuda.device.DeviceException;
import org.halocline.cosmology.cuda.device.DeviceQueue;
import org.halocline.cosmology.cuda.device.Launch;
import org.halocline.cosmology.cuda.device.LineFft;
import org.halocline.cosmology.cuda.device.Waits;

/**
 * A queue as late as a GPU's may be: nothing runs before a caller waits, and copies aside run in an order of their own.
 * Every buffer has a guard behind it, which closing checks; a kernel that is called with arguments of other types than
 * its parameters is refused.
 */
final class HostQueue implements DeviceQueue {
  private static final int GUARD = 256;
  private static final byte MARK = 0x5a;

  private final HostLibrary library;
  private final Set<String> launched;
  private final Arena arena = Arena.ofShared();
  private final HostStreams streams;
  private final Set<StreamOrder.Event> forgotten;
  private final Waits waits;
  private final List<HostBuffer> buffers = new ArrayList<>();
  private final List<MemorySegment> pinned = new ArrayList<>();
  private final Map<List<Object>, HostLines> plans = new HashMap<>();
  private MemorySegment slots = MemorySegment.NULL;
  private boolean closed;

  record HostBuffer(MemorySegment memory, long bytes) implements DeviceBuffer {}

  HostQueue(HostLibrary library, Set<String> launched, StreamOrder order, Set<StreamOrder.Event> forgotten,
      Waits waits) {
    this.waits = waits;
    this.library = library;
    this.launched = launched;
    this.streams = new HostStreams(order);
    this.forgotten = forgotten;
  }

  private void requireOpen() {
    if (closed)
      throw new DeviceException("the queue is closed");
  }

  private void enqueue(Runnable operation) {
    requireOpen();
    streams.kernel(operation, List.of());
  }

  static MemorySegment slice(DeviceBuffer buffer, long offset, long bytes) {
    HostBuffer host = (HostBuffer) buffer;
    if (offset < 0 || bytes < 0 || offset + bytes > host.bytes)
      throw new IllegalArgumentException(
          "bytes " + offset + " to " + (offset + bytes) + " of a buffer of " + host.bytes);
    return host.memory.asSlice(offset, bytes);
  }

  @Override
  public DeviceBuffer allocate(long bytes) {
    requireOpen();
    HostBuffer buffer = new HostBuffer(arena.allocate(bytes + GUARD, 256), bytes);
    buffer.memory.asSlice(bytes, GUARD).fill(MARK);
    buffers.add(buffer);
    return buffer;
  }

  @Override
  public MemorySegment pinned(long bytes) {
    requireOpen();
    MemorySegment memory = arena.allocate(bytes, 64);
    pinned.add(memory);
    return memory;
  }

  private boolean isPinned(MemorySegment memory) {
    for (MemorySegment region : pinned)
      if (memory.isNative() && memory.address() >= region.address()
          && memory.address() + memory.byteSize() <= region.address() + region.byteSize())
        return true;
    return false;
  }

  @Override
  public void launch(Launch launch) {
    HostLibrary.Kernel kernel = library.kernel(launch.kernel());
    StringBuilder types = new StringBuilder();
    for (Argument argument : launch.arguments())
      types.append(letter(argument));
    if (!kernel.types().contentEquals(types))
      throw new IllegalArgumentException(launch.kernel() + " takes " + kernel.types() + ", called with " + types);
    launched.add(launch.kernel() + "(" + types + ")");
    enqueue(() -> run(kernel, launch));
  }

  private static char letter(Argument argument) {
    return switch (argument) {
      case Argument.OfInt _ -> 'i';
      case Argument.OfLong _ -> 'l';
      case Argument.OfFloat _ -> 'f';
      case Argument.OfDouble _ -> 'd';
      case Argument.OfBuffer _ -> 'p';
    };
  }

  private void run(HostLibrary.Kernel kernel, Launch launch) {
    int count = launch.arguments().size();
    if (slots.byteSize() < 16L * count)
      slots = arena.allocate(32L * count, 16);
    for (int i = 0; i < count; i++) {
      long at = 8L * (count + i);
      slots.set(ValueLayout.JAVA_LONG, 8L * i, slots.address() + at);
      switch (launch.arguments().get(i)) {
        case Argument.OfInt(int value) -> slots.set(ValueLayout.JAVA_INT, at, value);
        case Argument.OfLong(long value) -> slots.set(ValueLayout.JAVA_LONG, at, value);
        case Argument.OfFloat(float value) -> slots.set(ValueLayout.JAVA_FLOAT, at, value);
        case Argument.OfDouble(double value) -> slots.set(ValueLayout.JAVA_DOUBLE, at, value);
        case Argument.OfBuffer(DeviceBuffer buffer, long offset) ->
          slots.set(ValueLayout.JAVA_LONG, at, ((HostBuffer) buffer).memory.address() + offset);
      }
    }
    try {
      int parameters = (int) kernel.run().invokeExact(launch.gridX(), launch.gridY(), launch.gridZ(), launch.block(),
          count, slots);
      if (parameters != count)
        throw new IllegalStateException(launch.kernel() + " did not run");
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(launch.kernel(), e);
    }
  }

  @Override
  public void copyToHost(DeviceBuffer from, long offset, MemorySegment to, long bytes) {
    MemorySegment source = slice(from, offset, bytes);
    enqueue(() -> MemorySegment.copy(source, 0, to, 0, bytes));
    if (!isPinned(to))
      finish();
  }

  @Override
  public void copyToDevice(MemorySegment from, DeviceBuffer to, long offset, long bytes) {
    MemorySegment target = slice(to, offset, bytes);
    enqueue(() -> MemorySegment.copy(from, 0, target, 0, bytes));
    if (!isPinned(from))
      finish();
  }

  @Override
  public void copy(DeviceBuffer from, long fromOffset, DeviceBuffer to, long toOffset, long bytes) {
    MemorySegment source = slice(from, fromOffset, bytes);
    MemorySegment target = slice(to, toOffset, bytes);
    enqueue(() -> target.copyFrom(source));
  }

  @Override
  public void clear(DeviceBuffer buffer, long offset, long bytes) {
    MemorySegment target = slice(buffer, offset, bytes);
    enqueue(() -> target.fill((byte) 0));
  }

  @Override
  public Transfer copyToHostAside(DeviceBuffer from, long offset, MemorySegment to, long bytes) {
    MemorySegment source = slice(from, offset, bytes);
    return aside(StreamOrder.Event.COPY_AFTER_KERNELS, streams.last(), to,
        () -> MemorySegment.copy(source, 0, to, 0, bytes));
  }

  @Override
  public Transfer copyToDeviceAside(MemorySegment from, DeviceBuffer to, long offset, long bytes, Mark after) {
    MemorySegment target = slice(to, offset, bytes);
    return aside(StreamOrder.Event.COPY_AFTER_MARK, ((Passed) after).work, from,
        () -> MemorySegment.copy(from, 0, target, 0, bytes));
  }

  private Transfer aside(StreamOrder.Event event, HostStreams.Work after, MemorySegment host, Runnable copy) {
    requireOpen();
    if (!isPinned(host))
      throw new IllegalArgumentException("a copy aside needs pinned memory");
    return new Aside(streams.copy(copy, forgotten.contains(event) ? List.of() : List.of(after)));
  }

  @Override
  public Mark mark() {
    return new Passed(streams.last());
  }

  private record Passed(HostStreams.Work work) implements Mark {}

  private final class Aside implements Transfer {
    private final HostStreams.Work copy;

    Aside(HostStreams.Work copy) {
      this.copy = copy;
    }

    @Override
    public boolean isDone() {
      return copy.isDone();
    }

    @Override
    public void await() {
      requireOpen();
      if (!isDone())
        waits.during(() -> streams.finish(copy));
    }

    @Override
    public void join() {
      requireOpen();
      if (!forgotten.contains(StreamOrder.Event.KERNELS_AFTER_COPY))
        streams.kernel(() -> {}, List.of(copy));
    }
  }

  @Override
  public LineFft lines(LineFft.Kind kind, int length, int batch) {
    requireOpen();
    return plans.computeIfAbsent(List.of(kind, length, batch),
        _ -> new HostLines(kind, length, batch, this::enqueue));
  }

  @Override
  public long fftWorkBytes() {
    return 0;
  }

  @Override
  public long allocatedBytes() {
    return buffers.stream().mapToLong(HostBuffer::bytes).sum();
  }

  @Override
  public void finish() {
    requireOpen();
    waits.during(streams::finish);
  }

  /** Throws where a kernel wrote beyond a buffer's end: a test must fail. */
  @Override
  public void close() {
    if (closed)
      return;
    finish();
    closed = true;
    for (HostBuffer buffer : buffers)
      for (long i = buffer.bytes; i < buffer.bytes + GUARD; i++)
        if (buffer.memory.get(ValueLayout.JAVA_BYTE, i) != MARK)
          throw new IllegalStateException(
              "written " + (i - buffer.bytes) + " bytes beyond a buffer of " + buffer.bytes);
    arena.close();
  }
}
