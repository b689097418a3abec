package org.halocline.cosmology.npy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that numpy wrote, of every type and order, against the values that numpy had. */
@Timeout(300)
class NumpyFilesTest {
  private static final int[] SHAPE = {2, 3, 4};

  @TempDir
  Path folder;

  static List<String[]> arrays() throws Exception {
    return lines().stream().filter(line -> line.length == 3).toList();
  }

  static List<String[]> others() throws Exception {
    return lines().stream().filter(line -> line.length == 2).toList();
  }

  private static List<String[]> lines() throws Exception {
    return Files.readAllLines(Path.of("src/test/resources/npy/numpy.txt")).stream().skip(1)
        .map(line -> line.split("\t")).toList();
  }

  @ParameterizedTest
  @MethodSource("arrays")
  void shouldReadTheValuesThatNumpySaved(String name, String base64, String text) throws Exception {
    double[] values = Arrays.stream(text.split(" ")).mapToDouble(Double::parseDouble).toArray();
    Path path = Files.write(folder.resolve("a.npy"), Base64.getDecoder().decode(base64));
    try (NpyFile file = NpyFile.open(path)) {
      assertArrayEquals(SHAPE, file.shape());
      assertArrayEquals(values, file.readAllDoubles(), name);
      double[] block = new double[4];
      file.readBlock(new int[]{0, 1, 1}, new int[]{2, 1, 2}, block);
      assertArrayEquals(new double[]{values[5], values[6], values[17], values[18]}, block, name);
    }
  }

  @ParameterizedTest
  @MethodSource("others")
  void shouldNameTheTypesThatAreNoNumbers(String name, String base64) throws Exception {
    Path path = Files.write(folder.resolve("a.npy"), Base64.getDecoder().decode(base64));
    BadNpyException e = assertThrows(BadNpyException.class, () -> NpyFile.open(path));
    String word = name.equals("longdouble") ? "another size" : name;
    assertTrue(e.getMessage().contains(word) && e.getMessage().contains("float16"), e.getMessage());
  }

  @Test
  void shouldCutBlocksOfFortranOrderAsOfCOrder() throws Exception {
    long seed = 31;
    System.out.println("seed " + seed);
    var random = new Random(seed);
    for (int trial = 0; trial < 16; trial++) {
      // Lines long enough that parts and buffers end inside a block.
      int[] shape = {1 + random.nextInt(trial % 4 == 0 ? 300 : 9), 1 + random.nextInt(9),
          1 + random.nextInt(trial % 4 == 1 ? 3000 : 9)};
      float[] data = new float[shape[0] * shape[1] * shape[2]];
      for (int i = 0; i < data.length; i++)
        data[i] = i;
      Path c = folder.resolve("c" + trial + ".npy");
      NpyWriter.write(c, data, shape);
      int[] start = new int[3];
      int[] extent = new int[3];
      for (int d = 0; d < 3; d++) {
        start[d] = random.nextInt(shape[d]);
        extent[d] = random.nextInt(shape[d] - start[d] + 1);
      }
      try (NpyFile ordered = NpyFile.open(c); NpyFile fortran = NpyFile.open(transposed(trial, data, shape))) {
        assertArrayEquals(shape, fortran.shape());
        float[] all = new float[data.length];
        fortran.readBlock(new int[3], shape, all);
        assertArrayEquals(data, all);
        float[] block = new float[extent[0] * extent[1] * extent[2]];
        ordered.readBlock(start, extent, block);
        for (NpyFile file : List.of(ordered, fortran)) {
          float[] whole = new float[block.length];
          file.readBlock(start, extent, whole);
          assertArrayEquals(block, whole);
          float[] parts = new float[block.length];
          int[] count = {0};
          file.readParts(start, extent, (values, from, n, at) -> {
            System.arraycopy(values, from, parts, (int) at, n);
            count[0] += n;
          });
          assertArrayEquals(block, parts);
          assertEquals(block.length, count[0]);
        }
      }
    }
  }

  /** The same array in Fortran order: C order of the reversed shape. */
  private Path transposed(int trial, float[] data, int[] shape) throws Exception {
    float[] turned = new float[data.length];
    int at = 0;
    for (int z = 0; z < shape[2]; z++)
      for (int y = 0; y < shape[1]; y++)
        for (int x = 0; x < shape[0]; x++)
          turned[at++] = data[(x * shape[1] + y) * shape[2] + z];
    Path file = folder.resolve("f" + trial + ".npy");
    NpyWriter.write(file, turned, IntStream.of(shape[2], shape[1], shape[0]).toArray());
    String bytes = new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1);
    String shapes = "(" + shape[2] + ", " + shape[1] + ", " + shape[0] + ")";
    String text = bytes.replace("'fortran_order': False, 'shape': " + shapes,
        "'fortran_order': True , 'shape': (" + shape[0] + ", " + shape[1] + ", " + shape[2] + ")");
    return Files.writeString(file, text, java.nio.charset.StandardCharsets.ISO_8859_1);
  }
}
