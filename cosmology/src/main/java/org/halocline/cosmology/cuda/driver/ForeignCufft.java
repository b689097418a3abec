package org.halocline.cosmology.cuda.driver;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.halocline.cosmology.cuda.driver.FourierLibrary.check;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.NoSuchElementException;

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
    version = readVersion(function("cufftGetVersion", ADDRESS));
  }

  static FourierLibrary load(Path file, SymbolLookup library) throws UnavailableException {
    try {
      return new ForeignCufft(file, library);
    } catch (DriverException | NoSuchElementException e) {
      throw new UnavailableException(file + " is not a cuFFT that can be used: " + e.getMessage(), e);
    }
  }

  /** Pointers of the device are passed as longs: they are no memory of this process. */
  @SuppressWarnings("restricted")
  private MethodHandle function(String name, MemoryLayout... parameters) {
    return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), FunctionDescriptor.of(JAVA_INT, parameters));
  }

  private static int readVersion(MethodHandle read) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(JAVA_INT);
      check("cufftGetVersion", (int) read.invokeExact(value));
      return value.get(JAVA_INT, 0);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  private static RuntimeException unchecked(Throwable thrown) {
    if (thrown instanceof RuntimeException e)
      return e;
    if (thrown instanceof Error e)
      throw e;
    return new IllegalStateException("a native call threw a checked exception", thrown);
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
  public Plan plan(LineShape shape) {
    return new ForeignPlan(shape);
  }

  private final class ForeignPlan implements Plan {
    private final LineShape.Type type;
    private final int handle;
    private final long workBytes;

    ForeignPlan(LineShape shape) {
      type = shape.type();
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment made = arena.allocate(JAVA_INT);
        check("cufftCreate", (int) create.invokeExact(made));
        handle = made.get(JAVA_INT, 0);
        try {
          check("cufftSetAutoAllocation", (int) setAutoAllocation.invokeExact(handle, 0));
          workBytes = make(shape, arena);
        } catch (DriverException e) {
          destroy();
          throw e;
        }
      } catch (Throwable e) {
        throw unchecked(e);
      }
    }

    private long make(LineShape shape, Arena arena) throws Throwable {
      MemorySegment length = arena.allocateFrom(JAVA_LONG, shape.length());
      MemorySegment bytes = arena.allocate(JAVA_LONG);
      check("cufftMakePlanMany64",
          (int) makePlan.invokeExact(handle, 1, length, length, 1L, (long) shape.inDistance(), length, 1L,
              (long) shape.outDistance(), type.code(), (long) shape.batch(), bytes));
      return bytes.get(ValueLayout.JAVA_LONG, 0);
    }

    @Override
    public long workBytes() {
      return workBytes;
    }

    @Override
    public void work(long address) {
      try {
        check("cufftSetWorkArea", (int) setWorkArea.invokeExact(handle, address));
      } catch (Throwable e) {
        throw unchecked(e);
      }
    }

    @Override
    public void stream(DriverContext.Stream stream) {
      try {
        check("cufftSetStream", (int) setStream.invokeExact(handle, stream.address()));
      } catch (Throwable e) {
        throw unchecked(e);
      }
    }

    @Override
    public void run(long in, long out, boolean inverse) {
      try {
        switch (type) {
          case R2C -> check("cufftExecR2C", (int) realToComplex.invokeExact(handle, in, out));
          case C2R -> check("cufftExecC2R", (int) complexToReal.invokeExact(handle, in, out));
          case C2C ->
            check("cufftExecC2C", (int) complex.invokeExact(handle, in, out, inverse ? INVERSE : FORWARD));
        }
      } catch (Throwable e) {
        throw unchecked(e);
      }
    }

    @Override
    public void destroy() {
      try {
        check("cufftDestroy", (int) destroy.invokeExact(handle));
      } catch (Throwable e) {
        throw unchecked(e);
      }
    }
  }
}
