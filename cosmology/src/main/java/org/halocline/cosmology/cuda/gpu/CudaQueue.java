package org.halocline.cosmology.cuda.gpu;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.halocline.cosmology.cuda.device.DeviceBuffer;
import org.halocline.cosmology.cuda.device.DeviceException;
import org.halocline.cosmology.cuda.device.DeviceQueue;
import org.halocline.cosmology.cuda.device.Launch;
import org.halocline.cosmology.cuda.device.LineFft;
import org.halocline.cosmology.cuda.device.Waits;
import org.halocline.cosmology.cuda.driver.DriverContext;
import org.halocline.cosmology.cuda.driver.DriverException;
import org.halocline.cosmology.cuda.driver.FourierLibrary;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A queue of one chain on a {@link CudaDevice}. Methods of the interface run on the chain's thread and hand commands to
 * the device's; what the driver made is touched by that thread alone.
 */
final class CudaQueue implements DeviceQueue {
  private static final Logger LOG = LoggerFactory.getLogger(CudaQueue.class);
  /** Page-locked memory through which all other host memory is copied. */
  private static final long BOUNCE_BYTES = 8 << 20;

  private final CudaDevice device;
  private final CommandThread thread;
  private final DriverContext context;
  private final Launches launches;
  private final FourierLibrary fourier;
  private final Waits waits;
  private final QueueMemory memory;
  private final Map<Shape, CudaLines> lines = new LinkedHashMap<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile DeviceException failure;
  private MemorySegment bounce = MemorySegment.NULL;
  /** Grows with each finish: transfers of earlier ones are done. */
  private long finishes;

  // The device's thread:
  private final Deque<DriverContext.Event> spareEvents = new ArrayDeque<>();
  private final List<DriverContext.Event> usedEvents = new ArrayList<>();
  private final List<DriverContext.Event> events = new ArrayList<>();
  private final List<DriverContext.Stream> streams = new ArrayList<>();
  private DriverContext.Stream compute;
  private DriverContext.Stream copies;
  /** Orders the second stream behind the first. */
  private DriverContext.Event order;
  private DriverContext.Event end;
  private boolean released;

  private record Shape(LineFft.Kind kind, int length, int batch) {}

  CudaQueue(CudaDevice device, CommandThread thread, DriverContext context, Launches launches,
      FourierLibrary fourier, Waits waits) {
    this.device = device;
    this.waits = waits;
    this.thread = thread;
    this.context = context;
    this.launches = launches;
    this.fourier = fourier;
    memory = new QueueMemory(device, context);
    try {
      device.call("opening a queue", this::openStreams);
    } catch (DeviceException e) {
      release();
      throw e;
    }
  }

  private boolean openStreams() {
    compute = newStream();
    copies = newStream();
    order = newEvent();
    end = newEvent();
    return true;
  }

  private DriverContext.Stream newStream() {
    DriverContext.Stream stream = context.stream();
    streams.add(stream);
    return stream;
  }

  private DriverContext.Event newEvent() {
    DriverContext.Event event = context.event();
    events.add(event);
    return event;
  }

  // ---- memory

  @Override
  public DeviceBuffer allocate(long bytes) {
    requireNotNegative("bytes", bytes);
    requireUsable();
    return new CudaBuffer(this, memory.allocate(bytes, compute), bytes);
  }

  @Override
  public MemorySegment pinned(long bytes) {
    requireNotNegative("bytes", bytes);
    requireUsable();
    return memory.pin(bytes);
  }

  @Override
  public long allocatedBytes() {
    return memory.deviceBytes();
  }

  @Override
  public long fftWorkBytes() {
    return memory.workBytes();
  }

  // ---- work

  @Override
  public void launch(Launch launch) {
    launches.check(launch, this);
    enqueue("kernel " + launch.kernel(), () -> launches.run(context, compute, launch, this));
  }

  @Override
  public void copyToHost(DeviceBuffer from, long offset, MemorySegment to, long bytes) {
    long source = address(from, offset, bytes);
    requireHost(to, bytes);
    if (memory.isPinned(to, bytes)) {
      long target = to.address();
      enqueue("copy to the host", () -> context.copyToHost(target, source, bytes, compute));
      return;
    }
    inParts(bytes, (via, start, part) -> {
      enqueue("copy to the host", () -> context.copyToHost(via.address(), source + start, part, compute));
      finish();
      MemorySegment.copy(via, 0, to, start, part);
    });
  }

  @Override
  public void copyToDevice(MemorySegment from, DeviceBuffer to, long offset, long bytes) {
    long target = address(to, offset, bytes);
    requireHost(from, bytes);
    if (memory.isPinned(from, bytes)) {
      long source = from.address();
      enqueue("copy to the device", () -> context.copyToDevice(target, source, bytes, compute));
      return;
    }
    inParts(bytes, (via, start, part) -> {
      MemorySegment.copy(from, start, via, 0, part);
      enqueue("copy to the device", () -> context.copyToDevice(target + start, via.address(), part, compute));
      finish();
    });
  }

  /** Copies a part that begins at {@code start} by way of page-locked memory. */
  private interface Part {
    void copy(MemorySegment via, long start, long bytes);
  }

  private void inParts(long bytes, Part part) {
    if (bounce.equals(MemorySegment.NULL))
      bounce = pinned(BOUNCE_BYTES);
    for (long done = 0; done < bytes; done += BOUNCE_BYTES)
      part.copy(bounce, done, Math.min(BOUNCE_BYTES, bytes - done));
  }

  @Override
  public void copy(DeviceBuffer from, long fromOffset, DeviceBuffer to, long toOffset, long bytes) {
    long source = address(from, fromOffset, bytes);
    long target = address(to, toOffset, bytes);
    if (source < target + bytes && target < source + bytes && bytes > 0)
      throw new IllegalArgumentException("copy of " + bytes + " bytes from offset " + fromOffset + " to " + toOffset
          + " of the same buffer: the ranges overlap");
    if (bytes > 0)
      enqueue("copy on the device", () -> context.copy(target, source, bytes, compute));
  }

  @Override
  public void clear(DeviceBuffer buffer, long offset, long bytes) {
    long target = address(buffer, offset, bytes);
    if (bytes > 0)
      enqueue("clear", () -> context.clear(target, bytes, compute));
  }

  @Override
  public Transfer copyToHostAside(DeviceBuffer from, long offset, MemorySegment to, long bytes) {
    long source = address(from, offset, bytes);
    long target = requirePinned(to, bytes);
    return aside(mark(), () -> context.copyToHost(target, source, bytes, copies));
  }

  @Override
  public Transfer copyToDeviceAside(MemorySegment from, DeviceBuffer to, long offset, long bytes, Mark after) {
    long target = address(to, offset, bytes);
    long source = requirePinned(from, bytes);
    if (!(after instanceof CudaMark mark) || mark.queue() != this)
      throw new IllegalArgumentException("a copy aside after a mark of another queue");
    return aside(mark, () -> context.copyToDevice(target, source, bytes, copies));
  }

  @Override
  public CudaMark mark() {
    CudaMark mark = new CudaMark();
    enqueue("mark", () -> mark.event = recorded(compute));
    return mark;
  }

  private Transfer aside(CudaMark after, Runnable copy) {
    CudaTransfer transfer = new CudaTransfer();
    boolean passed = after.isPassed();
    enqueue("copy aside", () -> {
      if (!passed)
        context.after(copies, after.event);
      copy.run();
      transfer.event = recorded(copies);
    });
    return transfer;
  }

  /** An event that has no other user until the queue is finished, recorded on a stream; on the device's thread. */
  private DriverContext.Event recorded(DriverContext.Stream stream) {
    DriverContext.Event event = spareEvents.isEmpty() ? newEvent() : spareEvents.pop();
    usedEvents.add(event);
    context.record(event, stream);
    return event;
  }

  /** The work of the first stream so far. */
  private final class CudaMark implements Mark {
    private final long madeIn = finishes;
    /** Of the device's thread; missing if it was never recorded for an earlier failure. */
    private DriverContext.Event event;

    CudaQueue queue() {
      return CudaQueue.this;
    }

    boolean isPassed() {
      return madeIn < finishes;
    }
  }

  private final class CudaTransfer implements Transfer {
    private final long begunIn = finishes;
    private boolean awaited;
    /** Of the device's thread; missing if the copy was never enqueued for an earlier failure. */
    private DriverContext.Event event;

    @Override
    public boolean isDone() {
      return awaited || begunIn < finishes;
    }

    @Override
    public void await() {
      requireUsable();
      if (!isDone())
        waitFor(done -> whenPassed(event, done));
      awaited = true;
    }

    @Override
    public void join() {
      requireUsable();
      if (!isDone())
        enqueue("join of a copy", () -> context.after(compute, event));
    }
  }

  // ---- transforms

  @Override
  public LineFft lines(LineFft.Kind kind, int length, int batch) {
    requireUsable();
    Shape shape = new Shape(kind, length, batch);
    CudaLines known = lines.get(shape);
    if (known != null)
      return known;
    if (length < 1 || batch < 1 || kind.stride(length) < 1)
      throw new IllegalArgumentException(
          "lines of length " + length + " in batches of " + batch + ": both must be 1 or more, lengths below 2^30");
    String operation = "plan of " + batch + " lines of length " + length + ", " + kind;
    CudaLines made = device.call(operation, () -> CudaLines.make(this, kind, length, batch, fourier));
    lines.put(shape, made);
    try {
      share(operation, made);
    } catch (DeviceException e) {
      lines.remove(shape);
      device.call(operation, () -> destroyed(made));
      throw e;
    }
    return made;
  }

  private void share(String operation, CudaLines made) {
    long bytes = made.plan().workBytes();
    long expected = made.kind().workBytes(made.length(), made.batch());
    if (bytes > expected)
      LOG.warn("{}: cuFFT asks for {} bytes of work area, {} were expected: plans of memory are too small by that",
          operation, bytes, expected);
    boolean grows = bytes > memory.workBytes();
    if (grows) {
      finish();
      memory.growWork(bytes, compute);
    }
    device.call(operation, () -> {
      made.plan().stream(compute);
      for (CudaLines each : grows ? lines.values() : List.of(made))
        if (each.plan().workBytes() > 0)
          each.plan().work(memory.work());
      return true;
    });
  }

  private static boolean destroyed(CudaLines made) {
    made.plan().destroy();
    return true;
  }

  void transform(CudaLines made, DeviceBuffer in, long inOffset, DeviceBuffer out, long outOffset, boolean inverse) {
    long bytes = made.bytes();
    long source = address(in, inOffset, bytes);
    long target = address(out, outOffset, bytes);
    if (inOffset % LineFft.ALIGNMENT != 0 || outOffset % LineFft.ALIGNMENT != 0)
      throw new IllegalArgumentException("offsets " + inOffset + " and " + outOffset + " of lines must be multiples of "
          + LineFft.ALIGNMENT + " bytes");
    if (source != target && source < target + bytes && target < source + bytes)
      throw new IllegalArgumentException(
          "lines at offsets " + inOffset + " and " + outOffset + " of one buffer overlap: "
              + "transform them in place or at least " + bytes + " bytes apart");
    enqueue("transform of lines of length " + made.length(),
        () -> made.transform(context, compute, source, target, inverse));
  }

  // ---- order

  private void enqueue(String operation, Runnable action) {
    requireUsable();
    thread.enqueue(() -> perform(operation, action));
  }

  private void perform(String operation, Runnable action) {
    if (released || failure != null || device.isBroken())
      return;
    try {
      action.run();
    } catch (DriverException e) {
      failure = device.failure(operation, e);
    } catch (RuntimeException | Error e) {
      failure = new DeviceException(device.name() + ", " + operation + ": " + e, e);
    }
  }

  @Override
  public void finish() {
    requireUsable();
    waitFor(this::whenAllDone);
    finishes++;
  }

  /** Has the device's thread complete a result, and parks until it is. */
  private void waitFor(Consumer<CompletableFuture<Boolean>> question) {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    thread.enqueue(() -> {
      try {
        question.accept(done);
      } catch (RuntimeException | Error e) {
        done.completeExceptionally(e);
      }
    });
    waits.during(() -> CudaDevice.await(done));
  }

  /** Waits for both streams even if a command failed: what was enqueued before it still runs. */
  private void whenAllDone(CompletableFuture<Boolean> done) {
    if (released)
      throw closed();
    try {
      context.record(order, compute);
      context.after(copies, order);
      context.record(end, copies);
    } catch (DriverException e) {
      fail("finish", e, done);
      return;
    }
    whenPassed(end, done);
  }

  private void whenPassed(DriverContext.Event event, CompletableFuture<Boolean> done) {
    if (released)
      throw closed();
    if (event == null) {
      answer(done);
      return;
    }
    thread.watch(() -> {
      try {
        if (!context.passed(event))
          return false;
        if (event == end)
          recycle();
        answer(done);
      } catch (DriverException e) {
        fail("work that was enqueued before", e, done);
      } catch (RuntimeException | Error e) {
        done.completeExceptionally(e);
      }
      return true;
    });
  }

  private void recycle() {
    spareEvents.addAll(usedEvents);
    usedEvents.clear();
  }

  private void answer(CompletableFuture<Boolean> done) {
    if (failure == null)
      done.complete(true);
    else
      done.completeExceptionally(failure);
  }

  private void fail(String operation, DriverException cause, CompletableFuture<Boolean> done) {
    DeviceException found = device.failure(operation, cause);
    if (failure == null)
      failure = found;
    done.completeExceptionally(failure);
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true))
      return;
    try {
      waitFor(this::whenAllDone);
    } catch (DeviceException e) {
      LOG.debug("{}: closing a queue after: {}", device.name(), e.getMessage());
    }
    release();
    device.forget(this);
  }

  /** Frees everything, newest first, and goes on after a failure. */
  private void release() {
    boolean unmapped = memory.unmap();
    device.call("closing a queue", () -> {
      released = true;
      List.copyOf(lines.values()).reversed().forEach(made -> quietly(made.plan()::destroy));
      memory.free(this::quietly, unmapped);
      events.reversed().forEach(event -> quietly(() -> context.destroy(event)));
      for (DriverContext.Stream stream : streams.reversed())
        quietly(() -> context.destroy(stream));
      return true;
    });
  }

  private void quietly(Runnable free) {
    try {
      free.run();
    } catch (DriverException e) {
      if (!device.isBroken())
        LOG.warn("{}: closing a queue: {}", device.name(), e.getMessage());
    }
  }

  // ---- checks

  private DeviceException closed() {
    return new DeviceException("this queue of " + device.name() + " is closed");
  }

  private void requireUsable() {
    if (closed.get())
      throw closed();
    device.requireUsable();
    DeviceException found = failure;
    if (found != null)
      throw new DeviceException(found.getMessage(), found);
  }

  private static void requireNotNegative(String what, long value) {
    if (value < 0)
      throw new IllegalArgumentException(what + " = " + value + ", must be 0 or more");
  }

  private static void requireHost(MemorySegment memory, long bytes) {
    if (bytes > memory.byteSize())
      throw new IllegalArgumentException(bytes + " bytes of host memory that has " + memory.byteSize());
  }

  private long requirePinned(MemorySegment host, long bytes) {
    requireHost(host, bytes);
    if (!memory.isPinned(host, bytes))
      throw new IllegalArgumentException("a copy aside needs host memory that this queue has pinned");
    return host.address();
  }

  /** A buffer of this queue's. */
  long address(DeviceBuffer buffer) {
    if (!(buffer instanceof CudaBuffer own) || own.queue() != this)
      throw new IllegalArgumentException("a buffer of " + buffer.bytes() + " bytes is another queue's");
    return own.address();
  }

  private long address(DeviceBuffer buffer, long offset, long bytes) {
    long start = address(buffer);
    if (offset < 0 || bytes < 0 || offset > buffer.bytes() - bytes)
      throw new IllegalArgumentException("bytes " + offset + " to " + offset + " + " + bytes + " of a buffer that has "
          + buffer.bytes());
    return start + offset;
  }
}
