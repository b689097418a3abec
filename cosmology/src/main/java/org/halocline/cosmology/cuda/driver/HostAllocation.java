package org.halocline.cosmology.cuda.driver;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** cuMemHostAlloc without JCuda, which wraps what it gets in a byte buffer and so fails beyond 2 GiB. */
final class HostAllocation {
  private static final String NAME = "cuMemHostAlloc";
  /** Pinned for all contexts. */
  private static final int PORTABLE = 1;

  private final MethodHandle handle;

  @SuppressWarnings("restricted")
  HostAllocation(SymbolLookup library) {
    handle = Linker.nativeLinker().downcallHandle(library.findOrThrow(NAME), FunctionDescriptor
        .of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
  }

  long allocate(long bytes) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = arena.allocate(ValueLayout.ADDRESS);
      JCudaBinding.check(NAME, (int) handle.invokeExact(address, bytes, PORTABLE));
      return address.get(ValueLayout.ADDRESS, 0).address();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(NAME, e);
    }
  }
}
