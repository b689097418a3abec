package org.halocline.cosmology.core;

import java.util.Arrays;
import org.halocline.cosmology.kernel.Field;

/** Fields of a core: plain arrays on the heap. */
final class CoreFields {
  private CoreFields() {}

  record FloatArray(float[] array) implements Field.Floats {
    @Override
    public int size() {
      return array.length;
    }
  }

  record IntArray(int[] array) implements Field.Ints {
    @Override
    public int size() {
      return array.length;
    }
  }

  record DoubleArray(double[] array) implements Field.Doubles {
    @Override
    public int size() {
      return array.length;
    }
  }

  static float[] of(Field.Floats field) {
    return ((FloatArray) field).array;
  }

  static int[] of(Field.Ints field) {
    return ((IntArray) field).array;
  }

  static double[] of(Field.Doubles field) {
    return ((DoubleArray) field).array;
  }

  static int[][] of(Field.Ints[] axes) {
    return Arrays.stream(axes).map(CoreFields::of).toArray(int[][]::new);
  }

  static float[][] of(Field.Floats[] axes) {
    return Arrays.stream(axes).map(CoreFields::of).toArray(float[][]::new);
  }
}
