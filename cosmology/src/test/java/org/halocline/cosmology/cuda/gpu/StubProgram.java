package org.halocline.cosmology.cuda.gpu;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.halocline.cosmology.cuda.device.Argument;
import org.halocline.cosmology.cuda.device.Device;
import org.halocline.cosmology.cuda.device.DeviceBuffer;
import org.halocline.cosmology.cuda.device.DeviceException;
import org.halocline.cosmology.cuda.device.DeviceQueue;
import org.halocline.cosmology.cuda.device.Launch;
import org.halocline.cosmology.cuda.device.LineFft;
import org.halocline.cosmology.cuda.driver.PtxModule;

/** What a process does with a device, on the driver and the cuFFT that its environment names: a test starts it. */
final class StubProgram {
  private static final String PTX = """
      .version 7.8
      .target sm_70
      .visible .entry add(.param .u64 a, .param .u32 b, .param .u32 c)
      {}
      """;
  private static final int N = 100;

  private StubProgram() {}

  public static void main(String[] arguments) throws Throwable {
    Devices devices = Devices.discover();
    System.out.println("reason: " + devices.reason());
    System.out.println("devices: " + devices.list());
    try {
      devices.open(0, () -> PtxModule.parse(PTX + "// nonsense"));
    } catch (DeviceException e) {
      System.out.println("refused: " + e.getMessage());
    }
    try (Device device = devices.open(0, () -> PtxModule.parse(PTX)); DeviceQueue queue = device.open()) {
      System.out.println("arithmetic: " + device.arithmetic());
      compute(queue);
      try {
        queue.allocate(1L << 40);
      } catch (DeviceException e) {
        System.out.println("exhausted: " + e.getMessage());
      }
      try {
        queue.lines(LineFft.Kind.COMPLEX, 31, 4);
      } catch (DeviceException e) {
        System.out.println("no plan: " + e.getMessage());
      }
    }
    System.out.println(live() + " things live; done");
  }

  /** What the driver has made and not freed. */
  @SuppressWarnings("restricted")
  private static int live() throws Throwable {
    SymbolLookup driver = SymbolLookup.libraryLookup("libcuda.so.1", Arena.global());
    return (int) Linker.nativeLinker()
        .downcallHandle(driver.findOrThrow("stub_live"), FunctionDescriptor.of(ValueLayout.JAVA_INT)).invokeExact();
  }

  private static void compute(DeviceQueue queue) {
    DeviceBuffer a = queue.allocate(4 * N + 1024);
    DeviceBuffer b = queue.allocate(4 * N + 1024);
    MemorySegment pinned = queue.pinned((1L << 20) + 4 * N);
    MemorySegment end = pinned.asSlice(1L << 20);
    end.copyFrom(MemorySegment.ofArray(new int[]{10, 20, 30}));
    queue.copyToDevice(end, a, 512, 4 * N);
    queue.launch(new Launch("add", 3, 2, 1, 64,
        List.of(new Argument.OfBuffer(a, 512), new Argument.OfInt(N - 1), new Argument.OfInt(-7))));
    queue.copy(a, 512, b, 256, 4 * N);
    queue.clear(b, 260, 4);
    queue.clear(b, 271, 1);
    queue.copyToHostAside(b, 256, end, 4 * N).await();
    expect(end.toArray(ValueLayout.JAVA_INT), 3, 0, 23, 0x00fffff9);
    if (end.get(ValueLayout.JAVA_INT, 4 * (N - 1)) != 0)
      throw new AssertionError("the kernel went too far");
    transform(queue);
  }

  private static void transform(DeviceQueue queue) {
    for (LineFft.Kind kind : LineFft.Kind.values()) {
      LineFft lines = queue.lines(kind, 10, 3);
      int floats = 3 * kind.stride(10);
      DeviceBuffer in = queue.allocate(4L * floats + 256);
      DeviceBuffer out = queue.allocate(4L * floats + 512);
      lines.run(in, 256, out, 512, false);
      if (kind == LineFft.Kind.COMPLEX)
        lines.run(out, 512, out, 512, true);
      float[] read = new float[floats];
      queue.copyToHost(out, 512, MemorySegment.ofArray(read), 4L * floats);
      float[] expected = new float[floats];
      Arrays.fill(expected, kind == LineFft.Kind.COMPLEX ? 3 : 1);
      if (!Arrays.equals(read, expected))
        throw new AssertionError(kind + ": " + Arrays.toString(read));
    }
    System.out.println("work area: " + queue.fftWorkBytes());
    LineFft one = queue.lines(LineFft.Kind.REAL_TO_COMPLEX, 1, 3);
    DeviceBuffer ones = queue.allocate(256);
    queue.copyToDevice(MemorySegment.ofArray(new int[]{1, 2, 3, 4, 5, 6}), ones, 0, 24);
    one.run(ones, 0, ones, 0, false);
    int[] read = new int[6];
    queue.copyToHost(ones, 0, MemorySegment.ofArray(read), 24);
    expect(read, 1, 0, 3, 0, 5, 0);
  }

  private static void expect(int[] found, int... expected) {
    if (!Arrays.equals(Arrays.copyOf(found, expected.length), expected))
      throw new AssertionError("expected " + Arrays.toString(expected) + ", found "
          + Arrays.toString(Arrays.copyOf(found, expected.length)));
  }
}
