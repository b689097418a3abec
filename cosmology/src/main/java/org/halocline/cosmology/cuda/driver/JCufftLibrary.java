package org.halocline.cosmology.cuda.driver;

import static org.halocline.cosmology.cuda.driver.FourierLibrary.check;

import java.nio.file.Path;
import jcuda.Pointer;
import jcuda.jcufft.JCufft;
import jcuda.jcufft.cufftHandle;
import jcuda.runtime.cudaStream_t;

/** cuFFT of CUDA 11 through JCufft. */
final class JCufftLibrary implements FourierLibrary {
  private static final String CLASS = "jcuda.jcufft.JCufft";

  private final Path file;
  private final int version;

  private JCufftLibrary(Path file) {
    this.file = file;
    int[] value = new int[1];
    check("cufftGetVersion", JCufft.cufftGetVersion(value));
    version = value[0];
  }

  /** @param file of libcufft.so.10, which is loaded already: JCufft's natives find it by its name */
  static FourierLibrary load(Path file) throws UnavailableException {
    Natives.load(CLASS);
    try {
      return new JCufftLibrary(file);
    } catch (DriverException | LinkageError e) {
      throw new UnavailableException("JCufft on " + file + ": " + e.getMessage(), e);
    }
  }

  @Override
  public int version() {
    return version;
  }

  @Override
  public String binding() {
    return "JCufft 11.8.0 on " + file;
  }

  @Override
  public Plan plan(LineShape shape) {
    return new JPlan(shape);
  }

  private static final class JPlan implements Plan {
    private final cufftHandle handle = new cufftHandle();
    private final LineShape.Type type;
    private final long workBytes;

    JPlan(LineShape shape) {
      type = shape.type();
      check("cufftCreate", JCufft.cufftCreate(handle));
      try {
        check("cufftSetAutoAllocation", JCufft.cufftSetAutoAllocation(handle, 0));
        long[] length = {shape.length()};
        long[] bytes = new long[1];
        check("cufftMakePlanMany64", JCufft.cufftMakePlanMany64(handle, 1, length, length, 1, shape.inDistance(),
            length, 1, shape.outDistance(), type.code(), shape.batch(), bytes));
        workBytes = bytes[0];
      } catch (DriverException e) {
        JCufft.cufftDestroy(handle);
        throw e;
      }
    }

    private static Pointer pointer(long address) {
      return new Pointer().withByteOffset(address);
    }

    @Override
    public long workBytes() {
      return workBytes;
    }

    @Override
    public void work(long address) {
      check("cufftSetWorkArea", JCufft.cufftSetWorkArea(handle, pointer(address)));
    }

    @Override
    public void stream(DriverContext.Stream stream) {
      check("cufftSetStream",
          JCufft.cufftSetStream(handle, new cudaStream_t(((JCudaContext.JStream) stream).handle())));
    }

    @Override
    public void run(long in, long out, boolean inverse) {
      switch (type) {
        case R2C -> check("cufftExecR2C", JCufft.cufftExecR2C(handle, pointer(in), pointer(out)));
        case C2R -> check("cufftExecC2R", JCufft.cufftExecC2R(handle, pointer(in), pointer(out)));
        case C2C -> check("cufftExecC2C", JCufft.cufftExecC2C(handle, pointer(in), pointer(out),
            inverse ? JCufft.CUFFT_INVERSE : JCufft.CUFFT_FORWARD));
      }
    }

    @Override
    public void destroy() {
      check("cufftDestroy", JCufft.cufftDestroy(handle));
    }
  }
}
