package org.halocline.cosmology.cuda.gpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.halocline.cosmology.cuda.device.Argument;
import org.halocline.cosmology.cuda.device.Device;
import org.halocline.cosmology.cuda.device.DeviceBuffer;
import org.halocline.cosmology.cuda.device.DeviceException;
import org.halocline.cosmology.cuda.device.DeviceQueue;
import org.halocline.cosmology.cuda.device.Launch;
import org.halocline.cosmology.cuda.device.LineFft;
import org.halocline.cosmology.cuda.driver.DriverException;
import org.halocline.cosmology.cuda.driver.FourierLibrary;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Queues on a driver in memory: order, waiting, errors, and that nothing is left behind. */
@Timeout(300)
class CudaQueueTest {
  private static final int N = 64;
  private static final long BYTES = 4L * N;

  private final long seed = System.nanoTime();
  private final FakeDriver driver = new FakeDriver(seed);
  private final Device device = driver.device();
  private final DeviceQueue queue = device.open();

  CudaQueueTest() {
    System.out.println("seed " + seed);
  }

  @AfterEach
  void shouldLeaveNothingBehind() {
    device.close();
    if (!broken())
      assertEquals(List.of(), driver.live(), "left behind");
  }

  private boolean broken() {
    return driver.lost().isPresent() || driver.launched.contains("poison 1 1 1 1");
  }

  /** A grid along x alone. */
  private static Launch launch(String kernel, int gridX, int block, Argument... arguments) {
    return new Launch(kernel, gridX, 1, 1, block, List.of(arguments));
  }

  private static Launch add(DeviceBuffer buffer, long offset, int value) {
    return launch("add", 1, 32, new Argument.OfBuffer(buffer, offset), new Argument.OfInt(N),
        new Argument.OfInt(value));
  }

  private int[] read(DeviceBuffer buffer) {
    int[] into = new int[(int) buffer.bytes() / Integer.BYTES];
    queue.copyToHost(buffer, 0, MemorySegment.ofArray(into), buffer.bytes());
    return into;
  }

  private static int[] filled(int value) {
    int[] made = new int[N];
    Arrays.fill(made, value);
    return made;
  }

  @Test
  void shouldZeroWhatItAllocatesAndPins() {
    assertArrayEquals(new int[N], read(queue.allocate(BYTES)));
    assertEquals(-1, MemorySegment.ofArray(new byte[777]).mismatch(queue.pinned(777)));
    assertEquals(0, queue.pinned(777).address() % 64);
    assertEquals(0, queue.allocate(0).bytes());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void shouldRunWhatIsEnqueuedInOrder(int round) {
    Random random = new Random(seed + round);
    DeviceBuffer[] buffers = {queue.allocate(BYTES), queue.allocate(BYTES), queue.allocate(BYTES)};
    MemorySegment pinned = queue.pinned(BYTES);
    int[][] expected = {new int[N], new int[N], new int[N]};
    int[] expectedPinned = new int[N];
    for (int step = 0; step < 300; step++) {
      int a = random.nextInt(3);
      int b = (a + 1 + random.nextInt(2)) % 3;
      switch (random.nextInt(8)) {
        case 0 -> {
          queue.copy(buffers[a], 0, buffers[b], 0, BYTES);
          expected[b] = expected[a].clone();
        }
        case 1 -> {
          queue.clear(buffers[a], 16, BYTES - 16);
          Arrays.fill(expected[a], 4, N, 0);
        }
        case 2 -> {
          queue.copyToHost(buffers[a], 0, pinned, BYTES);
          expectedPinned = expected[a].clone();
        }
        case 3 -> {
          queue.copyToDevice(pinned, buffers[a], 0, BYTES);
          expected[a] = expectedPinned.clone();
        }
        case 4 -> {
          queue.copyToHostAside(buffers[a], 0, pinned, BYTES).join();
          expectedPinned = expected[a].clone();
        }
        case 5 -> {
          queue.copyToDeviceAside(pinned, buffers[a], 0, BYTES, queue.mark()).join();
          expected[a] = expectedPinned.clone();
        }
        case 6 -> {
          if (random.nextInt(5) == 0)
            queue.finish();
        }
        default -> {
          queue.launch(add(buffers[a], 0, step));
          for (int i = 0; i < N; i++)
            expected[a][i] += step;
        }
      }
    }
    queue.finish();
    assertArrayEquals(expectedPinned, pinned.toArray(ValueLayout.JAVA_INT));
    for (int i = 0; i < 3; i++)
      assertArrayEquals(expected[i], read(buffers[i]), "buffer " + i);
  }

  @Test
  void shouldCopyHeapMemoryInPieces() {
    int[] numbers = new Random(seed).ints(3 << 20).toArray();
    DeviceBuffer buffer = queue.allocate(4L * numbers.length);
    queue.copyToDevice(MemorySegment.ofArray(numbers), buffer, 0, buffer.bytes());
    assertArrayEquals(numbers, read(buffer));
  }

  @Test
  void shouldCopyNativeMemoryThatIsNotPinnedBeforeItReturns() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment from = arena.allocateFrom(ValueLayout.JAVA_INT, filled(3));
      DeviceBuffer buffer = queue.allocate(BYTES);
      queue.copyToDevice(from, buffer, 0, BYTES);
      from.fill((byte) 0);
      MemorySegment to = arena.allocate(BYTES);
      queue.copyToHost(buffer, 0, to, BYTES);
      assertArrayEquals(filled(3), to.toArray(ValueLayout.JAVA_INT));
    }
  }

  @Test
  void shouldAwaitACopyAsideWhileTheFirstStreamIsHeld() {
    DeviceBuffer buffer = queue.allocate(BYTES);
    MemorySegment pinned = queue.pinned(BYTES);
    queue.launch(add(buffer, 0, 7));
    DeviceQueue.Transfer transfer = queue.copyToHostAside(buffer, 0, pinned, BYTES);
    queue.launch(launch("gate", 1, 1));
    transfer.await();
    assertArrayEquals(filled(7), pinned.toArray(ValueLayout.JAVA_INT));
    driver.opened = true;
    queue.finish();
    transfer.await();
    transfer.join();
  }

  @Test
  void shouldCopyAsideBehindAMarkAndNoLater() {
    DeviceBuffer buffer = queue.allocate(BYTES);
    MemorySegment pinned = queue.pinned(BYTES);
    pinned.setAtIndex(ValueLayout.JAVA_INT, 0, 3);
    queue.launch(add(buffer, 0, 7));
    DeviceQueue.Mark mark = queue.mark();
    queue.launch(launch("gate", 1, 1));
    DeviceQueue.Transfer transfer = queue.copyToDeviceAside(pinned, buffer, 0, BYTES, mark);
    assertFalse(transfer.isDone());
    transfer.await();
    assertTrue(transfer.isDone());
    driver.opened = true;
    transfer.join();
    queue.launch(add(buffer, 0, 1));
    assertEquals(4, read(buffer)[0]);
    DeviceQueue other = device.open();
    assertThrows(IllegalArgumentException.class,
        () -> queue.copyToDeviceAside(pinned, buffer, 0, BYTES, other.mark()));
  }

  @Test
  void shouldPassArgumentsAndGridsAsTheyAre() {
    DeviceBuffer buffer = queue.allocate(BYTES);
    queue.launch(
        new Launch("mixed", 70000, 2, 3, 96,
            List.of(new Argument.OfBuffer(buffer, 0), new Argument.OfFloat(1.5f), new Argument.OfDouble(-2e300),
                new Argument.OfLong(1L << 40), new Argument.OfInt(-9))));
    queue.finish();
    assertEquals(List.of("mixed 70000 2 3 96", "1.5 -2.0E300 " + (1L << 40) + " -9"), List.copyOf(driver.launched));
  }

  @Test
  void shouldSayAtTheNextWaitWhichKernelFailed() {
    DeviceBuffer buffer = queue.allocate(BYTES);
    driver.failNext("launch", FakeDriver.INVALID_VALUE);
    queue.launch(add(buffer, 0, 1));
    DeviceException thrown = assertThrows(DeviceException.class, queue::finish);
    assertTrue(thrown.getMessage().contains("kernel add"), thrown::getMessage);
    assertTrue(thrown.getMessage().contains("device 0 (Fake 0)"), thrown::getMessage);
    assertThrows(DeviceException.class, queue::finish, "a queue that has lost work is of no use");
    assertArrayEquals(new int[1], readOne(device.open()), "other queues go on");
  }

  private static int[] readOne(DeviceQueue other) {
    int[] into = new int[1];
    other.copyToHost(other.allocate(4), 0, MemorySegment.ofArray(into), 4);
    return into;
  }

  @Test
  void shouldBreakTheDeviceForAllQueuesWhereItsContextIsLost() {
    DeviceQueue other = device.open();
    queue.launch(launch("poison", 1, 1));
    DeviceException thrown = assertThrows(DeviceException.class, queue::finish);
    assertTrue(thrown.getMessage().contains("ILLEGAL_ADDRESS"), thrown::getMessage);
    assertTrue(thrown.getMessage().contains("start this process again"), thrown::getMessage);
    assertEquals(thrown.getMessage(), assertThrows(DeviceException.class, other::finish).getMessage());
    assertEquals(thrown.getMessage(), assertThrows(DeviceException.class, device::open).getMessage());
    queue.close();
    other.close();
  }

  @Test
  void shouldAskTheDriverWhatAFailureOfCufftMeans() {
    LineFft lines = queue.lines(LineFft.Kind.COMPLEX, 8, 4);
    DeviceBuffer batch = queue.allocate(LineFft.Kind.COMPLEX.bytes(8, 4));
    DeviceQueue other = device.open();
    LineFft others = other.lines(LineFft.Kind.COMPLEX, 8, 4);
    DeviceBuffer otherBatch = other.allocate(LineFft.Kind.COMPLEX.bytes(8, 4));
    queue.finish();
    other.finish();
    driver.failNext("run", FourierLibrary.CUFFT + 6);
    others.run(otherBatch, 0, otherBatch, 0, false);
    DeviceException mild = assertThrows(DeviceException.class, other::finish);
    assertFalse(mild.getMessage().contains("start this process again"), mild::getMessage);
    assertTrue(device.usable(), "a transform that failed is the queue's alone");
    driver.lose();
    lines.run(batch, 0, batch, 0, false);
    DeviceException thrown = assertThrows(DeviceException.class, queue::finish);
    for (String words : List.of("CUFFT_EXEC_FAILED", "ILLEGAL_ADDRESS", "start this process again"))
      assertTrue(thrown.getMessage().contains(words), thrown::getMessage);
    assertFalse(device.usable());
    assertThrows(DeviceException.class, device::open);
  }

  @Test
  void shouldAnswerAllThatWaitWhenTheContextIsLost() throws InterruptedException {
    DeviceQueue held = device.open();
    held.launch(launch("gate", 1, 1));
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread waiting = Thread.ofVirtual().start(() -> thrown.set(assertThrows(DeviceException.class, held::finish)));
    queue.launch(launch("poison", 1, 1));
    assertThrows(DeviceException.class, queue::finish);
    waiting.join();
    assertTrue(thrown.get() instanceof DeviceException, () -> "not answered: " + thrown.get());
  }

  @Test
  void shouldSayWithNumbersThatMemoryIsExhaustedAndGoOn() {
    driver.capacity = 3L << 20;
    DeviceBuffer first = queue.allocate(2L << 20);
    DeviceException thrown = assertThrows(DeviceException.class, () -> queue.allocate(2L << 20));
    assertTrue(thrown.getMessage().contains("subdomains"), thrown::getMessage);
    assertEquals(2L << 20, queue.allocatedBytes());
    queue.launch(add(first, 0, 2));
    queue.finish();
    assertEquals(2, read(first)[0]);
    driver.failNext("allocateHost", DriverException.OUT_OF_MEMORY);
    assertThrows(DeviceException.class, () -> queue.pinned(100));
  }

  @Test
  void shouldFreeNewestFirstAndOnce() {
    DeviceBuffer first = queue.allocate(BYTES);
    DeviceBuffer second = queue.allocate(BYTES);
    queue.lines(LineFft.Kind.COMPLEX, 8, 4);
    queue.pinned(100);
    queue.close();
    queue.close();
    List<String> freed = List.copyOf(driver.freed);
    assertEquals("plan", freed.getFirst());
    assertEquals("stream", freed.getLast());
    assertTrue(freed.indexOf(name(second)) < freed.indexOf(name(first)), freed::toString);
    assertEquals(List.of("context", "module"), driver.live().stream().sorted().toList());
    assertThrows(DeviceException.class, () -> queue.allocate(1));
  }

  private static String name(DeviceBuffer buffer) {
    return "device " + ((CudaBuffer) buffer).address();
  }

  @Test
  void shouldWaitForRunningWorkBeforeItFrees() {
    DeviceBuffer buffer = queue.allocate(BYTES);
    MemorySegment pinned = queue.pinned(BYTES);
    for (int i = 0; i < 100; i++) {
      queue.launch(add(buffer, 0, 1));
      queue.copyToHostAside(buffer, 0, pinned, BYTES);
    }
    queue.close();
    assertThrows(IllegalStateException.class, () -> pinned.get(ValueLayout.JAVA_INT, 0), "freed memory can be read");
  }

  @Test
  void shouldFreeTheRestWhereOneThingCannotBeFreed() {
    queue.allocate(BYTES);
    driver.failNext("destroyPlan", FakeDriver.INVALID_VALUE);
    queue.lines(LineFft.Kind.COMPLEX, 8, 4);
    queue.close();
    assertEquals(List.of("context", "module", "plan"), driver.live().stream().sorted().toList());
    driver.gone("plan");
  }

  @Test
  void shouldLeaveNothingWhereAQueueCannotBeOpened() {
    driver.failNext("event", FakeDriver.INVALID_VALUE);
    assertThrows(DeviceException.class, device::open);
    queue.close();
    assertEquals(2, driver.live().size(), () -> driver.live().toString());
  }

  @Test
  void shouldKeepAnInterruptUntilWorkIsDone() {
    DeviceBuffer buffer = queue.allocate(BYTES);
    Thread.currentThread().interrupt();
    queue.launch(add(buffer, 0, 5));
    queue.finish();
    assertTrue(Thread.interrupted(), "the interrupt was swallowed");
    assertEquals(5, read(buffer)[0]);
  }

  @Test
  void shouldServeManyChainsAtOnce() throws InterruptedException {
    AtomicInteger right = new AtomicInteger();
    List<Thread> chains = IntStream.range(0, 8).mapToObj(chain -> Thread.ofVirtual().start(() -> {
      try (DeviceQueue own = device.open()) {
        DeviceBuffer buffer = own.allocate(BYTES);
        MemorySegment pinned = own.pinned(BYTES);
        for (int i = 0; i < 50; i++) {
          own.launch(add(buffer, 0, chain));
          if (i % 7 == 0)
            own.finish();
        }
        own.copyToHost(buffer, 0, pinned, BYTES);
        own.finish();
        if (pinned.get(ValueLayout.JAVA_INT, BYTES - 4) == 50 * chain)
          right.incrementAndGet();
      }
    })).toList();
    for (Thread chain : chains)
      chain.join();
    assertEquals(8, right.get());
  }

  @Test
  void shouldShareOneWorkAreaThatGrows() {
    DeviceBuffer lines = queue.allocate(LineFft.Kind.COMPLEX.bytes(16, 4));
    LineFft small = queue.lines(LineFft.Kind.COMPLEX, 16, 4);
    assertEquals(1024, queue.fftWorkBytes());
    assertSame(small, queue.lines(LineFft.Kind.COMPLEX, 16, 4));
    small.run(lines, 0, lines, 0, false);
    driver.planWork = 5000;
    LineFft large = queue.lines(LineFft.Kind.REAL_TO_COMPLEX, 30, 4);
    assertNotSame(small, large);
    assertEquals(5120, queue.fftWorkBytes());
    assertEquals(lines.bytes() + 5120, queue.allocatedBytes());
    small.run(lines, 0, lines, 0, true);
    large.run(lines, 0, lines, 0, false);
    int[] read = read(lines);
    assertEquals(4, read[0]);
    assertEquals(4, read[4 * 32 - 1]);
    driver.planWork = 1L << 50;
    driver.capacity = 1L << 30;
    assertThrows(DeviceException.class, () -> queue.lines(LineFft.Kind.COMPLEX, 64, 4));
    small.run(lines, 0, lines, 0, false);
    assertEquals(5, read(lines)[0]);
  }

  @Test
  void shouldTransformLinesOfOneNumber() {
    DeviceBuffer in = queue.allocate(256);
    DeviceBuffer out = queue.allocate(256);
    queue.copyToDevice(MemorySegment.ofArray(new int[]{1, 2, 3, 4}), in, 0, 16);
    queue.lines(LineFft.Kind.REAL_TO_COMPLEX, 1, 2).run(in, 0, out, 0, false);
    assertArrayEquals(new int[]{1, 0, 3, 0}, Arrays.copyOf(read(out), 4));
    queue.lines(LineFft.Kind.COMPLEX, 1, 2).run(in, 0, in, 0, true);
    assertArrayEquals(new int[]{1, 2, 3, 4}, Arrays.copyOf(read(in), 4));
    queue.lines(LineFft.Kind.COMPLEX_TO_REAL, 1, 2).run(in, 0, out, 0, false);
    assertEquals(1, read(out)[0]);
    assertEquals(3, read(out)[2]);
  }

  @Test
  void shouldRefuseWhatCannotBeLaunched() {
    DeviceBuffer buffer = queue.allocate(BYTES);
    DeviceBuffer foreign = device.open().allocate(BYTES);
    refused("not in the module", () -> queue.launch(launch("subtract", 1, 1)));
    refused("3 parameters", () -> queue.launch(launch("add", 1, 1, new Argument.OfBuffer(buffer, 0))));
    refused("parameter 2 is u32",
        () -> queue.launch(
            launch("add", 1, 1, new Argument.OfBuffer(buffer, 0), new Argument.OfInt(1), new Argument.OfFloat(1f))));
    refused("another queue's", () -> queue.launch(add(foreign, 0, 1)));
    refused("block = 1025", () -> launch("add", 1, 1025));
    refused("gridY = 65536", () -> new Launch("add", 1, 65536, 1, 1, List.of()));
    refused("offset = 257", () -> new Argument.OfBuffer(buffer, BYTES + 1));
    assertTrue(driver.launched.isEmpty());
  }

  @Test
  void shouldRefuseRangesThatDoNotFit() {
    DeviceBuffer buffer = queue.allocate(2048);
    MemorySegment pinned = queue.pinned(1024);
    refused("a buffer that has 2048", () -> queue.clear(buffer, 2000, 49));
    refused("a buffer that has 2048", () -> queue.clear(buffer, -1, 4));
    refused("a buffer that has 2048", () -> queue.copyToHost(buffer, 2048, pinned, 1));
    refused("host memory that has 1024", () -> queue.copyToHost(buffer, 0, pinned, 1025));
    refused("overlap", () -> queue.copy(buffer, 0, buffer, 100, 101));
    refused("pinned", () -> queue.copyToHostAside(buffer, 0, MemorySegment.ofArray(new int[4]), 16));
    LineFft lines = queue.lines(LineFft.Kind.COMPLEX, 16, 4);
    refused("multiples of 256", () -> lines.run(buffer, 128, buffer, 128, false));
    refused("overlap", () -> lines.run(buffer, 0, buffer, 256, false));
    refused("one direction",
        () -> queue.lines(LineFft.Kind.COMPLEX_TO_REAL, 8, 4).run(buffer, 0, buffer, 0, true));
    refused("both must be 1 or more", () -> queue.lines(LineFft.Kind.COMPLEX, 0, 4));
    refused("bytes = -1", () -> queue.allocate(-1));
  }

  private static void refused(String words, org.junit.jupiter.api.function.Executable call) {
    IllegalArgumentException thrown = assertThrows(IllegalArgumentException.class, call);
    assertTrue(thrown.getMessage().contains(words), thrown::getMessage);
  }

  @Test
  void shouldSayThatTheDeviceIsClosed() {
    DeviceBuffer buffer = queue.allocate(BYTES);
    device.close();
    device.close();
    assertThrows(DeviceException.class, () -> queue.launch(add(buffer, 0, 1)));
    assertThrows(DeviceException.class, queue::finish);
    assertThrows(DeviceException.class, device::open);
    assertFalse(driver.launched.contains("add 1 1 1 32"));
  }
}
