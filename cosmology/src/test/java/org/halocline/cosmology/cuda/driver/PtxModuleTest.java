package org.halocline.cosmology.cuda.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The PTX that is checked in was made of the sources that are checked in, by the compiler that every driver
 * understands.
 */
@Timeout(300)
class PtxModuleTest {
  private static final Path SOURCES = Path.of("src/main/cuda");
  private static final String DIGESTS = "/org/halocline/cosmology/cuda/halocline.ptx.sha256";
  private static final String PTX = "halocline.ptx";
  private static final Pattern KERNEL = Pattern.compile("(?m)^KERNEL\\((\\w+)");

  private static final String SMALL = """
      .version 7.8
      .target sm_70
      .address_size 64
      .visible .entry add(
      	.param .u64 add_param_0,
      	.param .f32 add_param_1,
      	.param .u32 add_param_2
      )
      .maxntid 256, 1, 1
      {
      }
      .visible .entry rest(.param .align 8 .b8 rest_param_0[16], .param .u64 .ptr .global .align 4 rest_param_1)
      {
      }
      .visible .entry none()
      {
      }
      """;

  private static PtxModule shipped() throws UnavailableException {
    assumeTrue(Files.exists(SOURCES.resolve("halocline.cu")), "there are no CUDA sources");
    return PtxModule.shipped();
  }

  @Test
  void shouldReadKernelsAndTypesOfParameters() {
    PtxModule module = PtxModule.parse(SMALL);
    assertEquals("7.8", module.version());
    assertEquals("sm_70", module.target());
    assertEquals(
        Map.of("add", List.of("u64", "f32", "u32"), "rest", List.of("b8[16]", "u64"), "none", List.<String>of()),
        module.kernels());
  }

  @Test
  void shouldRefuseWhatIsNoPtx() {
    assertThrows(IllegalArgumentException.class, () -> PtxModule.parse("an error page"));
  }

  @Test
  void shouldBeMadeOfTheSourcesThatAreCheckedIn() throws Exception {
    Map<String, String> expected = new TreeMap<>();
    expected.put(PTX, digest(shipped().bytes()));
    for (Path source : sources())
      expected.put(source.getFileName().toString(), digest(Files.readAllBytes(source)));
    Map<String, String> recorded = new TreeMap<>();
    try (InputStream in = PtxModuleTest.class.getResourceAsStream(DIGESTS)) {
      for (String line : new String(in.readAllBytes()).lines().filter(each -> !each.startsWith("#")).toList())
        recorded.put(line.split(" +")[1], line.split(" +")[0]);
    }
    assertEquals(expected, recorded,
        "the PTX is not of these sources: run src/main/cuda/make-ptx and commit what it writes");
  }

  @Test
  void shouldBeUnderstoodByEveryDriverSinceCuda118() throws UnavailableException {
    PtxModule module = shipped();
    assertEquals("7.8", module.version());
    assertEquals("sm_70", module.target());
  }

  @Test
  void shouldHoldEveryKernelOfTheSources() throws Exception {
    PtxModule module = shipped();
    Set<String> kernels = new TreeSet<>();
    for (Path source : sources())
      for (Matcher kernel = KERNEL.matcher(Files.readString(source)); kernel.find();)
        kernels.add(kernel.group(1));
    assertFalse(kernels.isEmpty(), "no kernel was found in " + SOURCES);
    assertEquals(kernels, new TreeSet<>(module.kernels().keySet()));
  }

  @Test
  void shouldRoundEveryOperationCorrectly() throws UnavailableException {
    Matcher loose = Pattern.compile("\\b(fma|mad)\\.(rn|f)\\S*|\\S*\\.(approx|full|ftz)\\S*").matcher(shipped().text());
    assertFalse(loose.find(), () -> "not correctly rounded, or contracted: " + loose.group());
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      return files.filter(file -> file.toString().endsWith(".cu") || file.toString().endsWith(".cuh")).sorted()
          .toList();
    }
  }

  private static String digest(byte[] bytes) throws NoSuchAlgorithmException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
