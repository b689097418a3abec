package org.halocline.cosmology.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import java.util.List;
import org.halocline.cosmology.core.CoreKernels;
import org.halocline.cosmology.cuda.host.DeviceUnderTest;
import org.halocline.cosmology.kernel.Field.Doubles;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.Field.Ints;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.kernel.Memory;

/** A core's kernels and a device's: the same fields are given to both. */
public final class Twins implements AutoCloseable {
  final Kernels core = CoreKernels.of();
  final Kernels device;

  Twins(DeviceUnderTest device) {
    this.device = device.kernels();
  }

  List<Kernels> both() {
    return List.of(core, device);
  }

  public static Ints ints(Memory memory, int[] values) {
    Ints field = memory.ints(values.length);
    memory.write(values, 0, field, 0, values.length);
    return field;
  }

  static Floats floats(Memory memory, float[] values) {
    Floats field = memory.floats(values.length);
    memory.write(values, 0, field, 0, values.length);
    return field;
  }

  public static Ints[] ints(Memory memory, int[][] values) {
    return Arrays.stream(values).map(axis -> ints(memory, axis)).toArray(Ints[]::new);
  }

  static Floats[] floats(Memory memory, float[][] values) {
    return Arrays.stream(values).map(axis -> floats(memory, axis)).toArray(Floats[]::new);
  }

  public static int[] read(Memory memory, Ints field) {
    int[] values = new int[field.size()];
    memory.read(field, 0, values, 0, values.length);
    return values;
  }

  public static float[] read(Memory memory, Floats field) {
    float[] values = new float[field.size()];
    memory.read(field, 0, values, 0, values.length);
    return values;
  }

  public static double[] read(Memory memory, Doubles field) {
    double[] values = new double[field.size()];
    memory.read(field, 0, values, 0, values.length);
    return values;
  }

  /** What an operation leaves on one kind of lane, as bits, so that −0 and NaN count too. */
  public interface Operation {
    int[] on(Kernels kernels);
  }

  static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    Arrays.setAll(bits, i -> Float.floatToIntBits(values[i]));
    return bits;
  }

  static int[] bits(double... values) {
    int[] bits = new int[2 * values.length];
    for (int i = 0; i < values.length; i++) {
      long word = Double.doubleToLongBits(values[i]);
      bits[2 * i] = (int) word;
      bits[2 * i + 1] = (int) (word >>> 32);
    }
    return bits;
  }

  static int[] join(int[]... parts) {
    return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
  }

  void assertSame(String what, Operation operation) {
    assertArrayEquals(operation.on(core), operation.on(device), what);
  }

  @Override
  public void close() {
    core.memory().close();
    device.memory().close();
  }
}
