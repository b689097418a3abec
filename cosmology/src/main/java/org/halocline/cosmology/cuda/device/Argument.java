package org.halocline.cosmology.cuda.device;

/** An argument of a kernel, of the type of its parameter to the byte. */
public sealed interface Argument {

  record OfInt(int value) implements Argument {}

  record OfLong(long value) implements Argument {}

  record OfFloat(float value) implements Argument {}

  record OfDouble(double value) implements Argument {}

  /** A pointer: {@code offset} bytes into a buffer. */
  record OfBuffer(DeviceBuffer buffer, long offset) implements Argument {
    public OfBuffer {
      if (offset < 0 || offset > buffer.bytes())
        throw new IllegalArgumentException("offset = " + offset + ", must be 0 to " + buffer.bytes());
    }
  }

  static Argument of(int value) {
    return new OfInt(value);
  }

  static Argument of(long value) {
    return new OfLong(value);
  }

  static Argument of(float value) {
    return new OfFloat(value);
  }

  static Argument of(double value) {
    return new OfDouble(value);
  }

  static Argument of(DeviceBuffer buffer) {
    return new OfBuffer(buffer, 0);
  }

  static Argument of(DeviceBuffer buffer, long offset) {
    return new OfBuffer(buffer, offset);
  }
}
