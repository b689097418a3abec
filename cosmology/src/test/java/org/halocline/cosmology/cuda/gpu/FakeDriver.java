package org.halocline.cosmology.cuda.gpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import org.halocline.cosmology.cuda.device.Device;
import org.halocline.cosmology.cuda.device.LineFft;
import org.halocline.cosmology.cuda.driver.CufftSearch;
import org.halocline.cosmology.cuda.driver.Driver;
import org.halocline.cosmology.cuda.driver.DriverContext;
import org.halocline.cosmology.cuda.driver.DriverException;
import org.halocline.cosmology.cuda.driver.FourierLibrary;
import org.halocline.cosmology.cuda.driver.PtxModule;

/**
 * A driver and a cuFFT in memory. Streams make progress only when an event is asked for, a few operations at a time, in
 * a random order of streams: operations that streams and events do not order come out wrong sooner or later. Every call
 * must come from the thread that opened the context. Counts what is alive.
 */
final class FakeDriver implements Driver, DriverContext, FourierLibrary {
  static final int ILLEGAL_ADDRESS = 700;
  static final int INVALID_VALUE = 1;

  /** add(buffer, n, value) to ints; gate() holds its stream until {@link #opened}; poison() is an illegal address. */
  static final PtxModule MODULE = PtxModule.parse("""
      .version 7.8
      .target sm_70
      .visible .entry add(.param .u64 a, .param .u32 b, .param .u32 c)
      {}
      .visible .entry mixed(.param .u64 a, .param .f32 b, .param .f64 c, .param .u64 d, .param .u32 e)
      {}
      .visible .entry gate()
      {}
      .visible .entry poison()
      {}
      """);

  private final Random random;
  private final Map<Long, MemorySegment> memory = new ConcurrentHashMap<>();
  private final Map<Long, MemorySegment> hostMemory = new HashMap<>();
  private final List<FakeStream> streams = new ArrayList<>();
  private final Map<String, Integer> faults = new ConcurrentHashMap<>();
  private final List<String> live = Collections.synchronizedList(new ArrayList<>());
  private Thread owner;
  private volatile boolean lost;
  private long deviceBytes;
  volatile boolean opened;
  volatile int version = 12040;
  volatile int count = 1;
  volatile int major = 9;
  volatile long capacity = 1L << 40;
  volatile long planWork = 1000;
  final ConcurrentLinkedQueue<String> launched = new ConcurrentLinkedQueue<>();
  final ConcurrentLinkedQueue<String> freed = new ConcurrentLinkedQueue<>();

  FakeDriver(long seed) {
    random = new Random(seed);
  }

  Devices found() {
    return Devices.of(this, _ -> new CufftSearch.Found(this, List.of("libcufft.so.10 is in none of the folders")));
  }

  Device device() {
    return found().open(0, () -> MODULE);
  }

  /** The next call of this name fails. */
  void failNext(String call, int code) {
    faults.put(call, code);
  }

  /** What was made and not freed. */
  List<String> live() {
    return List.copyOf(live);
  }

  private record Operation(BooleanSupplier ready, Runnable action) {}

  private static final class FakeStream implements Stream {
    private final Deque<Operation> operations = new ArrayDeque<>();

    @Override
    public long address() {
      return 1;
    }
  }

  private static final class FakeEvent implements Event {
    private int recorded;
    private int passed;
  }

  private record FakeKernel(String name) implements Kernel {}

  /** The context is lost, and no call has shown it yet. */
  void lose() {
    lost = true;
  }

  @Override
  public Optional<DriverException> lost() {
    return lost
        ? Optional
            .of(new DriverException("query", ILLEGAL_ADDRESS, "CUDA_ERROR_ILLEGAL_ADDRESS, an illegal memory access"))
        : Optional.empty();
  }

  private void called(String call) {
    if (Thread.currentThread() != owner)
      throw new AssertionError(call + " was called by " + Thread.currentThread() + ", the context is " + owner + "'s");
    if (lost)
      throw new DriverException(call, ILLEGAL_ADDRESS, "CUDA_ERROR_ILLEGAL_ADDRESS, an illegal memory access");
    Integer code = faults.remove(call);
    if (code != null)
      throw new DriverException(call, code, "an injected fault");
  }

  private void made(String what) {
    live.add(what);
  }

  void gone(String what) {
    if (!live.remove(what))
      throw new AssertionError(what + " is freed twice or was never made");
    freed.add(what);
  }

  private void enqueue(Stream stream, Runnable action) {
    ((FakeStream) stream).operations.add(new Operation(() -> true, action));
  }

  private void progress() {
    for (int steps = random.nextInt(4); steps > 0; steps--) {
      List<FakeStream> ready = streams.stream()
          .filter(each -> !each.operations.isEmpty() && each.operations.peek().ready.getAsBoolean()).toList();
      if (!ready.isEmpty() && !lost)
        ready.get(random.nextInt(ready.size())).operations.poll().action.run();
    }
  }

  @SuppressWarnings("restricted")
  private static MemorySegment at(long address, long bytes) {
    return MemorySegment.ofAddress(address).reinterpret(bytes);
  }

  private MemorySegment device(long address, long bytes) {
    for (Map.Entry<Long, MemorySegment> each : memory.entrySet())
      if (address >= each.getKey() && address + bytes <= each.getKey() + each.getValue().byteSize())
        return at(address, bytes);
    throw new AssertionError(bytes + " bytes at " + address + " are no memory of the device");
  }

  // ---- Driver

  @Override
  public int version() {
    return version;
  }

  @Override
  public int devices() {
    return count;
  }

  @Override
  public Properties properties(int ordinal) {
    return new Properties("Fake " + ordinal, capacity, major, 0);
  }

  @Override
  public DriverContext open(int ordinal) {
    owner = Thread.currentThread();
    called("open");
    made("context");
    return this;
  }

  // ---- DriverContext

  @Override
  public void load(byte[] ptx) {
    called("load");
    made("module");
  }

  @Override
  public Kernel kernel(String name) {
    called("kernel");
    return new FakeKernel(name);
  }

  @Override
  public long allocate(long bytes) {
    called("allocate");
    if (deviceBytes + bytes > capacity)
      throw new DriverException("cuMemAlloc", DriverException.OUT_OF_MEMORY, "CUDA_ERROR_OUT_OF_MEMORY, out of memory");
    MemorySegment made = Arena.ofAuto().allocate(bytes, 256).fill((byte) 0x5a);
    memory.put(made.address(), made);
    deviceBytes += bytes;
    made("device " + made.address());
    return made.address();
  }

  @Override
  public void free(long address) {
    called("free");
    gone("device " + address);
    deviceBytes -= memory.remove(address).byteSize();
  }

  @Override
  public long freeBytes() {
    called("freeBytes");
    return capacity - deviceBytes;
  }

  @Override
  public long allocateHost(long bytes) {
    called("allocateHost");
    MemorySegment made = Arena.ofAuto().allocate(bytes, 64).fill((byte) 0x5a);
    hostMemory.put(made.address(), made);
    made("host " + made.address());
    return made.address();
  }

  @Override
  public void freeHost(long address) {
    called("freeHost");
    gone("host " + address);
    hostMemory.remove(address);
  }

  @Override
  public Stream stream() {
    called("stream");
    FakeStream stream = new FakeStream();
    streams.add(stream);
    made("stream");
    return stream;
  }

  @Override
  public void destroy(Stream stream) {
    called("destroyStream");
    streams.remove(stream);
    gone("stream");
  }

  @Override
  public Event event() {
    called("event");
    made("event");
    return new FakeEvent();
  }

  @Override
  public void destroy(Event event) {
    called("destroyEvent");
    gone("event");
  }

  @Override
  public void record(Event event, Stream stream) {
    called("record");
    FakeEvent mark = (FakeEvent) event;
    int number = ++mark.recorded;
    enqueue(stream, () -> mark.passed = Math.max(mark.passed, number));
  }

  @Override
  public boolean passed(Event event) {
    called("passed");
    progress();
    called("passed");
    return ((FakeEvent) event).passed >= ((FakeEvent) event).recorded;
  }

  @Override
  public void after(Stream stream, Event event) {
    called("after");
    FakeEvent mark = (FakeEvent) event;
    int number = mark.recorded;
    ((FakeStream) stream).operations.add(new Operation(() -> mark.passed >= number, () -> {}));
  }

  @Override
  public void copyToHost(long host, long device, long bytes, Stream stream) {
    called("copyToHost");
    enqueue(stream, () -> at(host, bytes).copyFrom(device(device, bytes)));
  }

  @Override
  public void copyToDevice(long device, long host, long bytes, Stream stream) {
    called("copyToDevice");
    enqueue(stream, () -> device(device, bytes).copyFrom(at(host, bytes)));
  }

  @Override
  public void copy(long to, long from, long bytes, Stream stream) {
    called("copy");
    enqueue(stream, () -> device(to, bytes).copyFrom(device(from, bytes)));
  }

  @Override
  public void clear(long device, long bytes, Stream stream) {
    called("clear");
    enqueue(stream, () -> device(device, bytes).fill((byte) 0));
  }

  @Override
  public void clearWords(long device, long pitch, long rows, Stream stream) {
    called("clearWords");
    enqueue(stream, () -> {
      for (long row = 0; row < rows; row++)
        device(device + row * pitch, Integer.BYTES).fill((byte) 0);
    });
  }

  @Override
  public void launch(Kernel kernel, int gridX, int gridY, int gridZ, int block, MemorySegment parameters,
      Stream stream) {
    called("launch");
    String name = ((FakeKernel) kernel).name;
    launched.add(name + " " + gridX + " " + gridY + " " + gridZ + " " + block);
    switch (name) {
      case "add" -> {
        long buffer = value(parameters, 0, Long.BYTES).get(ValueLayout.JAVA_LONG, 0);
        int n = value(parameters, 1, Integer.BYTES).get(ValueLayout.JAVA_INT, 0);
        int value = value(parameters, 2, Integer.BYTES).get(ValueLayout.JAVA_INT, 0);
        enqueue(stream, () -> add(device(buffer, 4L * n), value));
      }
      case "mixed" -> launched.add(value(parameters, 1, 4).get(ValueLayout.JAVA_FLOAT, 0) + " "
          + value(parameters, 2, 8).get(ValueLayout.JAVA_DOUBLE, 0) + " "
          + value(parameters, 3, 8).get(ValueLayout.JAVA_LONG, 0) + " "
          + value(parameters, 4, 4).get(ValueLayout.JAVA_INT, 0));
      case "gate" -> ((FakeStream) stream).operations.add(new Operation(() -> opened, () -> {}));
      case "poison" -> enqueue(stream, () -> lost = true);
      default -> throw new DriverException("cuLaunchKernel", INVALID_VALUE, name);
    }
  }

  private static MemorySegment value(MemorySegment parameters, int index, long bytes) {
    return at(parameters.getAtIndex(ValueLayout.JAVA_LONG, index), bytes);
  }

  private static void add(MemorySegment ints, int value) {
    for (long i = 0; i < ints.byteSize() / Integer.BYTES; i++)
      ints.setAtIndex(ValueLayout.JAVA_INT, i, ints.getAtIndex(ValueLayout.JAVA_INT, i) + value);
  }

  @Override
  public void close() {
    if (live.remove("module"))
      freed.add("module");
    gone("context");
    called("close");
  }

  // ---- FourierLibrary

  @Override
  public String binding() {
    return "in memory";
  }

  /** Adds 1 to the bits of what it copies, or 2 where inverse, and scribbles on its work area. */
  @Override
  public Plan plan(LineFft.Kind kind, int length, int batch) {
    called("plan");
    made("plan");
    return new FakePlan(kind.bytes(length, batch), planWork);
  }

  private final class FakePlan implements Plan {
    private final long bytes;
    private final long workBytes;
    private long work;
    private Stream stream;

    FakePlan(long bytes, long workBytes) {
      this.bytes = bytes;
      this.workBytes = workBytes;
    }

    @Override
    public long workBytes() {
      return workBytes;
    }

    @Override
    public void work(long address) {
      called("work");
      work = address;
    }

    @Override
    public void stream(Stream stream) {
      called("planStream");
      this.stream = stream;
    }

    @Override
    public void run(long in, long out, boolean inverse) {
      if (lost)
        throw new DriverException("cufftExec", FourierLibrary.CUFFT + 6, "CUFFT_EXEC_FAILED");
      called("run");
      long scratch = work;
      enqueue(stream, () -> {
        device(scratch, workBytes).fill((byte) 0x77);
        device(out, bytes).copyFrom(device(in, bytes));
        add(device(out, bytes), inverse ? 2 : 1);
      });
    }

    @Override
    public void destroy() {
      called("destroyPlan");
      gone("plan");
    }
  }
}
