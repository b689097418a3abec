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
}
