package org.halocline.cosmology.cuda.driver;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.NoSuchElementException;
import org.halocline.cosmology.cuda.device.LineFft;

/** cuFFT of any CUDA from 11 to 13 through java.lang.foreign: these functions have had one signature since CUDA 7. */
final class ForeignCufft implements FourierLibrary {
  private static final int FORWARD = -1;
  private static final int INVERSE = 1;

  private final Path file;
  private final SymbolLookup library;
  private final MethodHandle create;
  private final MethodHandle destroy;
  private final MethodHandle setAutoAllocation;
  private final MethodHandle makePlan;
  private final MethodHandle setWorkArea;
  private final MethodHandle setStream;
  private final MethodHandle realToComplex;
  private final MethodHandle complexToReal;
  private final MethodHandle complex;
  private final int version;

  private ForeignCufft(Path file, SymbolLookup library) {
    this.file = file;
    this.library = library;
    create = function("cufftCreate", ADDRESS);
    destroy = function("cufftDestroy", JAVA_INT);
    setAutoAllocation = function("cufftSetAutoAllocation", JAVA_INT, JAVA_INT);
    makePlan = function("cufftMakePlanMany64", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS,
        JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, ADDRESS);
    setWorkArea = function("cufftSetWorkArea", JAVA_INT, JAVA_LONG);
    setStream = function("cufftSetStream", JAVA_INT, JAVA_LONG);
    realToComplex = function("cufftExecR2C", JAVA_INT, JAVA_LONG, JAVA_LONG);
    complexToReal = function("cufftExecC2R", JAVA_INT, JAVA_LONG, JAVA_LONG);
    complex = function("cufftExecC2C", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
    MethodHandle getVersion = function("cufftGetVersion", ADDRESS);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(JAVA_INT);
      call("cufftGetVersion", () -> (int) getVersion.invokeExact(value));
      version = value.get(JAVA_INT, 0);
    }
  }

  static FourierLibrary load(Path file, SymbolLookup library) throws UnavailableException {
    try {
      return new ForeignCufft(file, library);
    } catch (DriverException | NoSuchElementException e) {
      throw new UnavailableException(file + " is not a cuFFT that can be used: " + e.getMessage(), e);
    }
  }

  private MethodHandle function(String name, MemoryLayout... parameters) {
    return NativeCalls.function(library, name, parameters);
  }

  private static void call(String name, NativeCalls.Call call) {
    FourierLibrary.check(name, NativeCalls.code(call));
  }

  @Override
  public int version() {
    return version;
  }

  @Override
  public String binding() {
    return "java.lang.foreign on " + file;
  }

  @Override
  public Plan plan(LineFft.Kind kind, int length, int batch) {
    return new ForeignPlan(kind, length, batch);
  }

  private final class ForeignPlan implements Plan {
    private final LineFft.Kind kind;
    private final int handle;
    private final long workBytes;

    ForeignPlan(LineFft.Kind kind, int length, int batch) {
      this.kind = kind;
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment made = arena.allocate(JAVA_INT);
        call("cufftCreate", () -> (int) create.invokeExact(made));
        handle = made.get(JAVA_INT, 0);
        long half = length / 2 + 1;
        workBytes = switch (kind) {
          case REAL_TO_COMPLEX -> make(0x2a, length, 2 * half, half, batch, arena);
          case COMPLEX_TO_REAL -> make(0x2c, length, half, 2 * half, batch, arena);
          case COMPLEX -> make(0x29, length, length, length, batch, arena);
        };
      }
    }

    /** @param type cuFFT's; the distances are from one line to the next, in numbers of their type */
    private long make(int type, long n, long inDistance, long outDistance, long batch, Arena arena) {
      MemorySegment length = arena.allocateFrom(JAVA_LONG, n);
      MemorySegment bytes = arena.allocate(JAVA_LONG);
      try {
        call("cufftSetAutoAllocation", () -> (int) setAutoAllocation.invokeExact(handle, 0));
        call("cufftMakePlanMany64",
            () -> (int) makePlan.invokeExact(handle, 1, length, length, 1L, inDistance, length, 1L, outDistance, type,
                batch, bytes));
        return bytes.get(JAVA_LONG, 0);
      } catch (DriverException e) {
        destroy();
        throw e;
      }
    }

    @Override
    public long workBytes() {
      return workBytes;
    }

    @Override
    public void work(long address) {
      call("cufftSetWorkArea", () -> (int) setWorkArea.invokeExact(handle, address));
    }

    @Override
    public void stream(DriverContext.Stream stream) {
      call("cufftSetStream", () -> (int) setStream.invokeExact(handle, stream.address()));
    }

    @Override
    public void run(long in, long out, boolean inverse) {
      switch (kind) {
        case REAL_TO_COMPLEX -> call("cufftExecR2C", () -> (int) realToComplex.invokeExact(handle, in, out));
        case COMPLEX_TO_REAL -> call("cufftExecC2R", () -> (int) complexToReal.invokeExact(handle, in, out));
        case COMPLEX -> call("cufftExecC2C",
            () -> (int) complex.invokeExact(handle, in, out, inverse ? INVERSE : FORWARD));
      }
    }

    @Override
    public void destroy() {
      call("cufftDestroy", () -> (int) destroy.invokeExact(handle));
    }
  }
}
