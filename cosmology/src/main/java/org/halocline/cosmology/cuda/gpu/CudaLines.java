package org.halocline.cosmology.cuda.gpu;

import org.halocline.cosmology.cuda.device.DeviceBuffer;
import org.halocline.cosmology.cuda.device.LineFft;
import org.halocline.cosmology.cuda.driver.DriverContext;
import org.halocline.cosmology.cuda.driver.FourierLibrary;

/**
 * Lines of one shape, by a plan of cuFFT. Lines of one number need no plan: they are copied. The device's thread alone
 * calls {@link #transform}.
 */
record CudaLines(CudaQueue queue, Kind kind, int length, int batch, FourierLibrary.Plan plan) implements LineFft {

  /** Lines of one number. */
  private static final FourierLibrary.Plan NONE = new FourierLibrary.Plan() {
    @Override
    public long workBytes() {
      return 0;
    }

    @Override
    public void work(long address) {}

    @Override
    public void stream(DriverContext.Stream stream) {}

    @Override
    public void run(long in, long out, boolean inverse) {}

    @Override
    public void destroy() {}
  };

  /** On the device's thread. */
  static CudaLines make(CudaQueue queue, Kind kind, int length, int batch, FourierLibrary fourier) {
    return new CudaLines(queue, kind, length, batch, length == 1 ? NONE : fourier.plan(kind, length, batch));
  }

  @Override
  public void run(DeviceBuffer in, long inOffset, DeviceBuffer out, long outOffset, boolean inverse) {
    if (inverse && kind != Kind.COMPLEX)
      throw new IllegalArgumentException("lines of kind " + kind + " have one direction, inverse is for COMPLEX");
    queue.transform(this, in, inOffset, out, outOffset, inverse);
  }

  long bytes() {
    return kind.bytes(length, batch);
  }

  /** On the device's thread. */
  void transform(DriverContext context, DriverContext.Stream stream, long in, long out, boolean inverse) {
    plan.run(in, out, inverse);
    if (length > 1)
      return;
    if (in != out)
      context.copy(out, in, bytes(), stream);
    if (kind == Kind.REAL_TO_COMPLEX)
      context.clearWords(out + Float.BYTES, 2 * Float.BYTES, batch, stream);
  }
}
