package org.halocline.cosmology.npy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class NpyTest {
  private static final String GOOD = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";

  @TempDir
  Path folder;

  @Test
  void shouldReadWhatNumpyWrote() throws Exception {
    Path path = Path.of("src/test/resources/reference/lightcone/planes.npy");
    try (NpyFile file = NpyFile.open(path)) {
      assertArrayEquals(new int[]{6, 24, 24}, file.shape());
      assertEquals(NpyType.FLOAT32, file.type());
      double[] planes = file.readAllDoubles();
      // planes are means of a density of mean 1
      assertEquals(1, java.util.Arrays.stream(planes).average().orElseThrow(), 0.05);
      float[] same = new float[planes.length];
      file.readBlock(new int[3], file.shape(), same);
      NpyWriter.write(folder.resolve("copy.npy"), same, 6, 24, 24);
    }
    assertArrayEquals(Files.readAllBytes(path), Files.readAllBytes(folder.resolve("copy.npy")),
        "the same bytes as numpy's");
  }

  @ParameterizedTest
  @EnumSource(value = NpyType.class, names = {"FLOAT32", "FLOAT64", "INT32"})
  void shouldReadBlocksAsTheWholeArrayHasThem(NpyType type) throws Exception {
    long seed = 42;
    System.out.println("seed " + seed);
    var random = new Random(seed);
    for (int trial = 0; trial < 60; trial++) {
      int[] shape = random.ints(random.nextInt(5), 1, 8).toArray();
      double[] data = random.doubles(NpyHeader.count(shape), -1e6, 1e6).map(Math::rint).toArray();
      Path path = folder.resolve("a" + trial + ".npy");
      write(path, type, shape, data);
      try (NpyFile file = NpyFile.open(path)) {
        assertArrayEquals(shape, file.shape());
        assertArrayEquals(data, file.readAllDoubles());
        int[] start = new int[shape.length];
        int[] extent = new int[shape.length];
        for (int d = 0; d < shape.length; d++) {
          start[d] = random.nextInt(shape[d]);
          extent[d] = random.nextInt(shape[d] - start[d] + 1);
        }
        double[] expected = cut(data, shape, start, extent);
        double[] doubles = new double[expected.length];
        float[] floats = new float[expected.length];
        file.readBlock(start, extent, doubles);
        file.readBlock(start, extent, floats);
        assertArrayEquals(expected, doubles);
        for (int i = 0; i < floats.length; i++)
          assertEquals((float) expected[i], floats[i]);
      }
    }
  }

  @Test
  void shouldWriteBlocksInAnyOrderFromManyThreads() throws Exception {
    int[] shape = {40, 30, 7};
    float[] whole = new float[40 * 30 * 7];
    for (int i = 0; i < whole.length; i++)
      whole[i] = i + 0.5f;
    Path path = folder.resolve("blocks.npy");
    try (NpyWriter writer = NpyWriter.create(path, NpyType.FLOAT32, shape)) {
      List<Thread> threads = new ArrayList<>();
      List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
      for (int x = 3; x >= 0; x--)
        for (int y = 0; y < 3; y++) {
          int[] start = {10 * x, 10 * y, 0};
          int[] extent = {10, 10, 7};
          float[] block = new float[700];
          for (int i = 0; i < 10; i++)
            System.arraycopy(whole, ((start[0] + i) * 30 + start[1]) * 7, block, i * 70, 70);
          threads.add(Thread.ofPlatform().start(() -> {
            try {
              writer.writeBlock(start, extent, block);
            } catch (IOException | RuntimeException e) {
              failures.add(e);
            }
          }));
        }
      for (Thread thread : threads)
        thread.join();
      assertEquals(List.of(), failures);
      assertFalse(Files.exists(path), "no final name before the commit");
      writer.commit();
    }
    try (NpyFile file = NpyFile.open(path)) {
      float[] found = new float[whole.length];
      file.readBlock(new int[3], shape, found);
      assertArrayEquals(whole, found);
    }
    assertEquals(List.of(path), files());
  }

  @Test
  void shouldLeaveNothingWhenClosedUncommitted() throws Exception {
    Path path = folder.resolve("lost.npy");
    Files.writeString(path, "older");
    try (NpyWriter writer = NpyWriter.create(path, NpyType.FLOAT64, 4)) {
      writer.writeBlock(new int[]{0}, new int[]{3}, new double[3]);
      assertThrows(IllegalStateException.class, writer::commit, "one element is missing");
      assertEquals(2, files().size());
    }
    assertEquals("older", Files.readString(path));
    assertEquals(List.of(path), files());
  }

  @Test
  void shouldNameTheFileWhenTheFolderIsMissing() {
    Path path = folder.resolve("none/a.npy");
    IOException e = assertThrows(IOException.class, () -> NpyWriter.create(path, NpyType.FLOAT32, 1));
    assertTrue(e.getMessage().contains(path.toString()), e.getMessage());
    BadNpyException bad = assertThrows(BadNpyException.class, () -> NpyFile.open(path));
    assertTrue(bad.getMessage().contains(path.toString()) && bad.getMessage().contains("no such file"),
        bad.getMessage());
  }

  @Test
  void shouldReadAndWriteBeyondTwoGigabytes() throws Exception {
    // sparse: only three short runs of 3 GB exist on disk
    int[] shape = {3, 1 << 28};
    Path path = folder.resolve("large.npy");
    ByteBuffer header = NpyHeader.bytes(NpyType.FLOAT32, shape);
    try (var channel = java.nio.channels.FileChannel.open(path, java.nio.file.StandardOpenOption.CREATE_NEW,
        java.nio.file.StandardOpenOption.WRITE)) {
      long offset = header.limit();
      channel.write(header, 0);
      ByteBuffer last = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putFloat(7).putFloat(8).flip();
      channel.write(last, offset + 4L * 3 * (1 << 28) - 8);
    }
    try (NpyFile file = NpyFile.open(path)) {
      float[] end = new float[3];
      file.readBlock(new int[]{2, (1 << 28) - 3}, new int[]{1, 3}, end);
      assertArrayEquals(new float[]{0, 7, 8}, end);
    }
    Path out = folder.resolve("written.npy");
    try (NpyWriter writer = NpyWriter.create(out, NpyType.FLOAT32, shape)) {
      writer.writeBlock(new int[]{2, (1 << 28) - 2}, new int[]{1, 2}, new float[]{7, 8});
      Path part = files().stream().filter(p -> p.getFileName().toString().startsWith("written.npy.part")).findFirst()
          .orElseThrow();
      try (NpyFile file = NpyFile.open(part)) {
        float[] end = new float[2];
        file.readBlock(new int[]{2, (1 << 28) - 2}, new int[]{1, 2}, end);
        assertArrayEquals(new float[]{7, 8}, end);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {">f4", ">f8", ">i4"})
  void shouldReadBigEndian(String descr) throws Exception {
    var data = ByteBuffer.allocate(descr.equals(">f8") ? 16 : 8);
    switch (descr) {
      case ">f4" -> data.putFloat(1.5f).putFloat(-3);
      case ">f8" -> data.putDouble(1.5).putDouble(-3);
      default -> data.putInt(1).putInt(-3);
    }
    Path path = raw(1, "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (2,), }", data.array());
    try (NpyFile file = NpyFile.open(path)) {
      assertArrayEquals(new double[]{descr.equals(">i4") ? 1 : 1.5, -3}, file.readAllDoubles());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void shouldReadEveryFormat(int major) throws Exception {
    try (NpyFile file = NpyFile.open(raw(major, GOOD, new byte[24]))) {
      assertArrayEquals(new int[]{2, 3}, file.shape());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "{'descr': '<f4', 'fortran_order': False}",
      "{'descr': '|f4', 'fortran_order': False, 'shape': (2, 3), }",
      "{'descr': '<c8', 'fortran_order': False, 'shape': (3,), }",
      "{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (6,), }",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (-2, -3), }",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (6), }",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999, 3), }",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2147483647, 2147483647, 2147483647, 2147483647), }",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2000000000, 2000000000), }",
      "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), } more",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), 'more': 1}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': "
          + "(1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,6)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3"})
  void shouldRefuseHeadersItCannotUse(String header) throws Exception {
    Path path = raw(1, header, new byte[24]);
    BadNpyException e = assertThrows(BadNpyException.class, () -> NpyFile.open(path));
    assertTrue(e.getMessage().startsWith(path.toString()), e.getMessage());
  }

  @Test
  void shouldRefuseWrongLengths() throws Exception {
    for (int length : new int[]{0, 23, 25, 1000}) {
      Path path = raw(1, GOOD, new byte[length]);
      BadNpyException e = assertThrows(BadNpyException.class, () -> NpyFile.open(path));
      assertTrue(e.getMessage().contains(length < 24 ? "truncated" : "too long"), e.getMessage());
    }
    byte[] whole = Files.readAllBytes(raw(1, GOOD, new byte[24]));
    for (int length = 0; length < whole.length; length++) {
      Path path = folder.resolve("cut" + length);
      Files.write(path, java.util.Arrays.copyOf(whole, length));
      assertThrows(BadNpyException.class, () -> NpyFile.open(path).close());
    }
  }

  @Test
  void shouldRefuseWhatIsNoFileAtOnce() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    for (Path path : List.of(pipe, folder, Path.of("/dev/zero"))) {
      BadNpyException e = assertThrows(BadNpyException.class, () -> NpyFile.open(path));
      assertEquals(path + ": is not a file", e.getMessage());
    }
  }

  @Test
  void shouldNotBelieveTheLengthOfAHeader() throws Exception {
    for (int claimed : new int[]{-1, Integer.MAX_VALUE, 100 << 20, (1 << 16) + 1}) {
      byte[] bytes = ByteBuffer.wrap(Files.readAllBytes(raw(2, GOOD, new byte[24]))).order(ByteOrder.LITTLE_ENDIAN)
          .putInt(8, claimed).array();
      Path path = Files.write(folder.resolve("claim.npy"), bytes);
      BadNpyException e = assertThrows(BadNpyException.class, () -> NpyFile.open(path));
      assertTrue(e.getMessage().contains("header of " + Integer.toUnsignedString(claimed) + " bytes"), e.getMessage());
    }
  }

  @Test
  void shouldRefuseBlocksOutsideTheArray() throws Exception {
    try (NpyFile file = NpyFile.open(raw(1, GOOD, new byte[24]))) {
      int[][][] blocks = {{{0, 0}, {3, 1}}, {{-1, 0}, {1, 3}}, {{0, 1}, {1, 3}}, {{0}, {3}},
          {{0, Integer.MAX_VALUE}, {1, 3}}, {{0, 0}, {1, 2}}};
      for (int[][] block : blocks)
        assertThrows(IllegalArgumentException.class, () -> file.readBlock(block[0], block[1], new float[3]));
    }
  }

  /** Damaged files: a BadNpyException or a file that reads, never anything else. */
  @Test
  void shouldOnlyEverFailWithBadNpyException() throws Exception {
    long seed = 7_2026;
    System.out.println("seed " + seed);
    var random = new Random(seed);
    byte[] good = Files.readAllBytes(raw(1, GOOD, new byte[24]));
    String alphabet = "{}()[],:'\" <>|fi48TrueFalse0123456789-\n\u00e9";
    int refused = 0;
    for (int trial = 0; trial < 2000; trial++) {
      byte[] bytes;
      if (trial % 4 == 0) {
        var text = new StringBuilder();
        for (int i = random.nextInt(80); i > 0; i--)
          text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        bytes = Files.readAllBytes(raw(1 + random.nextInt(3), text.toString(), new byte[random.nextInt(30)]));
      } else {
        bytes = java.util.Arrays.copyOf(good, trial % 4 == 1 ? random.nextInt(good.length + 9) : good.length);
        for (int i = 1 + random.nextInt(4); i > 0 && bytes.length > 0; i--) {
          int at = trial % 4 == 2 ? random.nextInt(Math.min(bytes.length, 80)) : random.nextInt(bytes.length);
          bytes[at] = (byte) (random.nextBoolean()
              ? random.nextInt(256)
              : alphabet.charAt(random.nextInt(alphabet.length())));
        }
      }
      Path path = folder.resolve("fuzz.npy");
      Files.write(path, bytes);
      try (NpyFile file = NpyFile.open(path)) {
        file.readAllDoubles();
      } catch (BadNpyException e) {
        assertTrue(e.getMessage().startsWith(path.toString()) && e.getMessage().length() < 600, e.getMessage());
        refused++;
      }
    }
    System.out.println(refused + " of 2000 refused");
    assertTrue(refused > 1000);
  }

  private List<Path> files() throws IOException {
    try (var list = Files.list(folder)) {
      return list.toList();
    }
  }

  private Path raw(int major, String header, byte[] data) throws IOException {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    var buffer = ByteBuffer.allocate(12 + text.length + 1 + data.length).order(ByteOrder.LITTLE_ENDIAN);
    buffer.put(new byte[]{(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) major, 0});
    if (major == 1)
      buffer.putShort((short) (text.length + 1));
    else
      buffer.putInt(text.length + 1);
    buffer.put(text).put((byte) '\n').put(data).flip();
    byte[] bytes = new byte[buffer.limit()];
    buffer.get(bytes);
    return Files.write(folder.resolve("raw.npy"), bytes);
  }

  private static void write(Path path, NpyType type, int[] shape, double[] data) throws IOException {
    if (type == NpyType.INT32) {
      ByteBuffer header = NpyHeader.bytes(type, shape);
      var file = ByteBuffer.allocate(header.limit() + Integer.BYTES * data.length).order(ByteOrder.LITTLE_ENDIAN);
      file.put(header);
      for (double value : data)
        file.putInt((int) value);
      Files.write(path, file.array());
      return;
    }
    try (NpyWriter writer = NpyWriter.create(path, type, shape)) {
      int[] start = new int[shape.length];
      switch (type) {
        case FLOAT32 -> {
          float[] floats = new float[data.length];
          for (int i = 0; i < data.length; i++)
            floats[i] = (float) data[i];
          writer.writeBlock(start, shape, floats);
        }
        case FLOAT64 -> writer.writeBlock(start, shape, data);
        default -> throw new IllegalArgumentException(type + " is not written");
      }
      writer.commit();
    }
  }

  private static double[] cut(double[] data, int[] shape, int[] start, int[] extent) {
    double[] out = new double[(int) NpyHeader.count(extent)];
    for (int i = 0; i < out.length; i++) {
      int rest = i;
      int offset = 0;
      int stride = 1;
      for (int d = shape.length - 1; d >= 0; d--) {
        offset += (start[d] + rest % extent[d]) * stride;
        rest /= extent[d];
        stride *= shape[d];
      }
      out[i] = data[offset];
    }
    return out;
  }
}
