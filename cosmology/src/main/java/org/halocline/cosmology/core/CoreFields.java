package org.halocline.cosmology.core;

import java.lang.foreign.MemorySegment;
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

  static MemorySegment bytes(Field field) {
    return switch (field) {
      case Field.Floats floats -> MemorySegment.ofArray(of(floats));
      case Field.Ints ints -> MemorySegment.ofArray(of(ints));
      case Field.Doubles doubles -> MemorySegment.ofArray(of(doubles));
    };
  }

  /** The bytes of a mesh of 32-bit numbers. */
  static MemorySegment mesh(Field field) {
    if (field instanceof Field.Doubles)
      throw new IllegalArgumentException("meshes hold 32-bit numbers");
    return bytes(field);
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
