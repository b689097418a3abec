package org.halocline.cosmology.cuda.host;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.Consumer;
import org.halocline.cosmology.cuda.device.DeviceBuffer;
import org.halocline.cosmology.cuda.device.LineFft;
import org.jtransforms.fft.DoubleFFT_1D;
import org.visnow.jlargearrays.ConcurrencyUtils;

/** Lines through JTransforms in double, rounded to float at the end. */
final class HostLines implements LineFft {
  static {
    ConcurrencyUtils.setNumberOfThreads(1);
  }

  private final Kind kind;
  private final int length;
  private final int batch;
  private final Consumer<Runnable> enqueue;
  private final DoubleFFT_1D fft;
  private final double[] line;
  private final float[] floats;

  HostLines(Kind kind, int length, int batch, Consumer<Runnable> enqueue) {
    this.kind = kind;
    this.length = length;
    this.batch = batch;
    this.enqueue = enqueue;
    this.fft = new DoubleFFT_1D(length);
    this.line = new double[2 * length];
    this.floats = new float[kind.stride(length)];
  }

  @Override
  public void run(DeviceBuffer in, long inOffset, DeviceBuffer out, long outOffset, boolean inverse) {
    if (inverse && kind != Kind.COMPLEX)
      throw new IllegalArgumentException(kind + " has one direction");
    if (inOffset % ALIGNMENT != 0 || outOffset % ALIGNMENT != 0)
      throw new IllegalArgumentException("offsets " + inOffset + ", " + outOffset + ": multiples of " + ALIGNMENT);
    MemorySegment source = HostQueue.slice(in, inOffset, kind.bytes(length, batch));
    MemorySegment target = HostQueue.slice(out, outOffset, kind.bytes(length, batch));
    enqueue.accept(() -> {
      long stride = (long) Float.BYTES * kind.stride(length);
      for (int l = 0; l < batch; l++)
        transform(source.asSlice(l * stride, stride), target.asSlice(l * stride, stride), inverse);
    });
  }

  private void transform(MemorySegment source, MemorySegment target, boolean inverse) {
    MemorySegment.copy(source, ValueLayout.JAVA_FLOAT, 0, floats, 0, floats.length);
    switch (kind) {
      case REAL_TO_COMPLEX -> {
        for (int k = 0; k < length; k++) {
          line[2 * k] = floats[k];
          line[2 * k + 1] = 0;
        }
        fft.complexForward(line);
      }
      case COMPLEX_TO_REAL -> {
        for (int k = 0; k <= length / 2; k++) {
          int mirror = (length - k) % length;
          line[2 * mirror] = floats[2 * k];
          line[2 * mirror + 1] = -floats[2 * k + 1];
          line[2 * k] = floats[2 * k];
          line[2 * k + 1] = k == mirror ? 0 : floats[2 * k + 1];
        }
        fft.complexInverse(line, false);
        for (int k = 0; k < length; k++)
          line[k] = line[2 * k];
      }
      case COMPLEX -> {
        for (int n = 0; n < 2 * length; n++)
          line[n] = floats[n];
        if (inverse)
          fft.complexInverse(line, false);
        else
          fft.complexForward(line);
      }
    }
    for (int n = 0; n < floats.length && n < line.length; n++)
      floats[n] = (float) line[n];
    MemorySegment.copy(floats, 0, target, ValueLayout.JAVA_FLOAT, 0, floats.length);
  }

  @Override
  public Kind kind() {
    return kind;
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public int batch() {
    return batch;
  }
}
