package org.halocline.cosmology.cuda;

import java.lang.foreign.MemorySegment;
import java.util.Locale;
import java.util.Optional;
import org.halocline.cosmology.cuda.device.Device;
import org.halocline.cosmology.cuda.device.DeviceBuffer;
import org.halocline.cosmology.cuda.device.DeviceException;
import org.halocline.cosmology.cuda.device.DeviceQueue;
import org.halocline.cosmology.cuda.device.LineFft.Kind;

/**
 * Runs one kernel, and small transforms of each kind there and back, whose answers are known: that a device opens does
 * not say that it computes. Takes milliseconds and some kilobytes.
 */
public final class DeviceTrial {
  private static final int NUMBERS = 1000;
  private static final int LENGTH = 12;
  private static final int LINES = 5;
  /** Of transforms, whose answers are of magnitude 1 to {@link #LENGTH}. */
  private static final double TOLERANCE = 1e-5;

  private DeviceTrial() {}

  /** What a device that is open gets wrong, in words; empty where it does well. */
  public static Optional<String> fault(Device device) {
    try (DeviceQueue queue = device.open()) {
      kernel(queue);
      lines(queue, Kind.REAL_TO_COMPLEX, Kind.COMPLEX_TO_REAL);
      lines(queue, Kind.COMPLEX, Kind.COMPLEX);
      return Optional.empty();
    } catch (DeviceException e) {
      return Optional.of(e.getMessage());
    }
  }

  /** y + x/2 is exact. */
  private static void kernel(DeviceQueue queue) {
    float[] x = new float[NUMBERS];
    float[] y = new float[NUMBERS];
    float[] expected = new float[NUMBERS];
    for (int i = 0; i < NUMBERS; i++) {
      x[i] = i;
      y[i] = 1;
      expected[i] = 1 + 0.5f * i;
    }
    DeviceBuffer first = upload(queue, x);
    DeviceBuffer second = upload(queue, y);
    new KernelCall(queue, "add_scaled").with(0.5f).with(first).with(second).with(NUMBERS).overElements(NUMBERS);
    compare("kernel add_scaled", queue, second, expected, 0, NUMBERS, NUMBERS);
  }

  /** A point a line, there and back. */
  private static void lines(DeviceQueue queue, Kind there, Kind back) {
    int stride = there.stride(LENGTH);
    int number = there == Kind.COMPLEX ? 2 : 1;
    float[] points = new float[LINES * stride];
    float[] waves = new float[points.length];
    float[] returned = new float[points.length];
    for (int line = 0; line < LINES; line++) {
      points[line * stride + number * (line + 1)] = 1;
      returned[line * stride + number * (line + 1)] = LENGTH;
      wave(waves, line * stride, line + 1, stride / 2);
    }
    DeviceBuffer batch = upload(queue, points);
    queue.lines(there, LENGTH, LINES).run(batch, 0, batch, 0, false);
    compare("transform " + there, queue, batch, waves, TOLERANCE, stride, stride);
    boolean inverse = back == Kind.COMPLEX;
    queue.lines(back, LENGTH, LINES).run(batch, 0, batch, 0, inverse);
    compare((inverse ? "inverse transform " : "transform ") + back, queue, batch, returned, TOLERANCE, stride,
        number * LENGTH);
  }

  /** The transform of a point: e^{−2πi k point / LENGTH}. */
  private static void wave(float[] into, int at, int point, int count) {
    for (int k = 0; k < count; k++) {
      double angle = -2 * Math.PI * k * point / LENGTH;
      into[at + 2 * k] = (float) Math.cos(angle);
      into[at + 2 * k + 1] = (float) Math.sin(angle);
    }
  }

  private static DeviceBuffer upload(DeviceQueue queue, float[] numbers) {
    DeviceBuffer buffer = queue.allocate(4L * numbers.length);
    queue.copyToDevice(MemorySegment.ofArray(numbers), buffer, 0, 4L * numbers.length);
    return buffer;
  }

  /** @param counted numbers of each line that are compared; the others pad it */
  private static void compare(String what, DeviceQueue queue, DeviceBuffer buffer, float[] expected, double tolerance,
      int stride, int counted) {
    float[] found = new float[expected.length];
    queue.copyToHost(buffer, 0, MemorySegment.ofArray(found), 4L * found.length);
    for (int i = 0; i < found.length; i++)
      if (i % stride < counted && !(Math.abs(found[i] - expected[i]) <= tolerance))
        throw new DeviceException(String.format(Locale.ROOT,
            "it computes wrong numbers: %s gives %s for number %d, %s is right: test the GPU, its driver and cuFFT "
                + "with "
                + "other programs",
            what, found[i], i, expected[i]));
  }
}
