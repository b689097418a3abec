package org.halocline.cosmology.cuda.driver;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Calls of C functions that return a code, through java.lang.foreign. */
final class NativeCalls {
  private NativeCalls() {}

  /** A call by a function's handle. */
  interface Call {
    int code() throws Throwable;
  }

  /**
   * A function that returns an int. Pointers of the device are longs: they are no memory of this process.
   *
   * @throws java.util.NoSuchElementException if the library lacks it
   */
  @SuppressWarnings("restricted")
  static MethodHandle function(SymbolLookup library, String name, MemoryLayout... parameters) {
    return Linker.nativeLinker().downcallHandle(library.findOrThrow(name),
        FunctionDescriptor.of(ValueLayout.JAVA_INT, parameters));
  }

  /** What a call returns. */
  static int code(Call call) {
    try {
      return call.code();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a native call threw a checked exception", e);
    }
  }
}
