package org.halocline.cosmology.cuda.driver;

/** A call that the driver or cuFFT refused. */
public final class DriverException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Out of memory, on the device or for page-locked memory. */
  public static final int OUT_OF_MEMORY = 2;

  private final int code;

  /**
   * @param call the function's name
   * @param code what it returned
   * @param text the code's name and meaning
   */
  public DriverException(String call, int code, String text) {
    super(call + ": " + text + " (" + code + ")");
    this.code = code;
  }

  public boolean outOfMemory() {
    return code == OUT_OF_MEMORY;
  }

  /** Whether cuFFT said it, which does not tell whether the context is lost: {@link DriverContext#lost} does. */
  public boolean ofFourier() {
    return code >= FourierLibrary.CUFFT;
  }

  /** Whether the context is lost: every later call fails with the same. */
  public boolean fatal() {
    return switch (code) {
      // deinitialised, ECC, NVLink, contained, illegal address, timeout, context destroyed, assert, stack, instruction,
      // alignment, address space, program counter, launch failed, tensor leak, contained error, unknown
      case 4, 214, 220, 226, 700, 702, 709, 710, 714, 715, 716, 717, 718, 719, 720, 721, 999 -> true;
      default -> false;
    };
  }
}
