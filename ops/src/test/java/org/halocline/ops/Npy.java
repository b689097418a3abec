package org.halocline.ops;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A float32 array in numpy's format, written independently of the code under test. */
public record Npy(int[] shape, float[] values) {

  static Npy constant(float value, int... shape) {
    float[] values = new float[IntStream.of(shape).reduce(1, (a, b) -> a * b)];
    Arrays.fill(values, value);
    return new Npy(shape, values);
  }

  /** Independent normal values. */
  public static Npy noise(long seed, float deviation, int... shape) {
    Npy array = constant(0, shape);
    Random random = new Random(seed);
    for (int i = 0; i < array.values.length; i++)
      array.values[i] = (float) (deviation * random.nextGaussian());
    return array;
  }

  Npy with(int index, float value) {
    float[] changed = values.clone();
    changed[index] = value;
    return new Npy(shape, changed);
  }

  byte[] bytes() {
    String text = "{'descr': '<f4', 'fortran_order': False, 'shape': ("
        + IntStream.of(shape).mapToObj(Integer::toString).collect(Collectors.joining(", ")) + "), }";
    String header = text + " ".repeat(63 - (10 + text.length()) % 64) + "\n";
    ByteBuffer buffer = ByteBuffer.allocate(10 + header.length() + 4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    buffer.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII)).put((byte) 1).put((byte) 0)
        .putShort((short) header.length());
    buffer.put(header.getBytes(StandardCharsets.US_ASCII));
    for (float value : values)
      buffer.putFloat(value);
    return buffer.array();
  }

  public void write(Path file) throws IOException {
    Files.write(file, bytes());
  }

  /** All but the last few bytes of it. */
  void writeTruncated(Path file) throws IOException {
    Files.write(file, Arrays.copyOf(bytes(), bytes().length - 5));
  }
}
