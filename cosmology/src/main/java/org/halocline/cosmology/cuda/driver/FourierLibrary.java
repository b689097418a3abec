package org.halocline.cosmology.cuda.driver;

import org.halocline.cosmology.cuda.device.LineFft;

/**
 * cuFFT. Plans are made and run by the thread that has the device's context. Every call may throw
 * {@link DriverException}.
 */
public interface FourierLibrary {

  /** As cuFFT writes it: 11401 for 11.4.1. */
  int version();

  /** How it is bound, such as {@code java.lang.foreign on /usr/local/cuda/lib64/libcufft.so.11}. */
  String binding();

  /** A plan of lines that lie as {@link LineFft} says, without a work area. */
  Plan plan(LineFft.Kind kind, int length, int batch);

  /** Such as {@code 11.4.1}. */
  static String text(int version) {
    return version / 1000 + "." + version % 1000 / 100 + "." + version % 100;
  }

  /** Transforms of one shape. */
  interface Plan {

    /** The work area that it needs. */
    long workBytes();

    /** Gives it a work area, which must not move while it runs. */
    void work(long address);

    void stream(DriverContext.Stream stream);

    /** Enqueues. {@code inverse} is for complex lines alone. */
    void run(long in, long out, boolean inverse);

    void destroy();
  }

  /** @throws DriverException unless the result is success */
  static void check(String call, int result) {
    if (result == 0)
      return;
    String name = switch (result) {
      case 1 -> "CUFFT_INVALID_PLAN";
      case 2 -> "CUFFT_ALLOC_FAILED";
      case 3 -> "CUFFT_INVALID_TYPE";
      case 4 -> "CUFFT_INVALID_VALUE";
      case 5 -> "CUFFT_INTERNAL_ERROR";
      case 6 -> "CUFFT_EXEC_FAILED";
      case 7 -> "CUFFT_SETUP_FAILED";
      case 8 -> "CUFFT_INVALID_SIZE";
      case 10 -> "CUFFT_INCOMPLETE_PARAMETER_LIST";
      case 11 -> "CUFFT_INVALID_DEVICE";
      case 13 -> "CUFFT_NO_WORKSPACE";
      case 14 -> "CUFFT_NOT_IMPLEMENTED";
      case 16 -> "CUFFT_NOT_SUPPORTED";
      default -> "an unknown error";
    };
    throw new DriverException(call, CUFFT + result, name);
  }

  /** Added to cuFFT's codes, to tell them from the driver's. */
  int CUFFT = 10_000;
}
