package org.halocline.cosmology.cuda.memory;

import org.halocline.cosmology.cuda.device.DeviceBuffer;
import org.halocline.cosmology.kernel.Field;

/** Fields of a GPU: buffers of one queue. */
public final class CudaFields {
  private CudaFields() {}

  record FloatBuffer(DeviceBuffer buffer, int size) implements Field.Floats {}

  record IntBuffer(DeviceBuffer buffer, int size) implements Field.Ints {}

  record DoubleBuffer(DeviceBuffer buffer, int size) implements Field.Doubles {}

  public static DeviceBuffer of(Field field) {
    return switch (field) {
      case FloatBuffer floats -> floats.buffer;
      case IntBuffer ints -> ints.buffer;
      case DoubleBuffer doubles -> doubles.buffer;
      default -> throw new IllegalArgumentException(
          "a field of " + field.getClass().getSimpleName() + " is of another lane: its own kernels must make it");
    };
  }

  /** A mesh of 32-bit numbers. */
  public static DeviceBuffer mesh(Field field) {
    if (field instanceof Field.Doubles)
      throw new IllegalArgumentException("meshes hold 32-bit numbers");
    return of(field);
  }
}
