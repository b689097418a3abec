package org.halocline.cosmology.cuda.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * JCuda and the binding of cuFFT, in a process of their own, on a driver and a cuFFT that are compiled here and check
 * what reaches them: that arguments arrive, how libraries are chosen, and that natives come from a folder that no other
 * user can write.
 */
@Timeout(300)
class JCudaTest {
  private static final Path SOURCES = Path.of("src/test/cuda");
  private static final String PLANTED = "libJCudaDriver-11.8.0-linux-x86_64.so";

  @TempDir
  static Path libraries;
  @TempDir
  Path temporary;

  @BeforeAll
  static void compile() throws Exception {
    assumeTrue(System.getProperty("os.name").equals("Linux") && System.getProperty("os.arch").equals("amd64"),
        "JCuda's natives are for Linux on amd64");
    Path exports = Files.writeString(libraries.resolve("exports"), "libcufft.so.10 { global: *; };\n");
    Files.createDirectories(libraries.resolve("driver"));
    gcc("stub-cuda.c", "driver/libcuda.so.1");
    for (int[] each : new int[][]{{10, 10900}, {11, 11401}, {12, 12500}}) {
      Files.createDirectories(libraries.resolve("cufft" + each[0]));
      gcc("stub-cufft.c", "cufft" + each[0] + "/libcufft.so." + each[0], "-DVERSION=" + each[1],
          "-Wl,-soname,libcufft.so." + each[0], "-Wl,--version-script=" + exports);
    }
  }

  private static void gcc(String source, String library, String... options) throws Exception {
    List<String> command = new ArrayList<>(
        List.of("gcc", "-shared", "-fPIC", "-O1", "-o", libraries.resolve(library).toString()));
    command.addAll(List.of(options));
    command.add(SOURCES.resolve(source).toString());
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      assumeTrue(false, "no gcc here: " + e.getMessage());
      return;
    }
    String said = new String(process.getInputStream().readAllBytes());
    assertEquals(0, process.waitFor(), said);
  }

  private String run(String driver, String cufft) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin/java").toString(),
        "--enable-native-access=ALL-UNNAMED", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
        "-Djava.io.tmpdir=" + temporary, "-Dhalocline.cufft=" + cufft, "-cp", System.getProperty("java.class.path"),
        StubProgram.class.getName());
    builder.environment().put("LD_LIBRARY_PATH", driver);
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    assertTrue(process.waitFor(4, TimeUnit.MINUTES));
    System.out.println(said);
    return said;
  }

  private String run(int... cufft) throws Exception {
    List<String> folders = new ArrayList<>();
    for (int each : cufft)
      folders.add(libraries.resolve("cufft" + each).toString());
    String said = run(libraries.resolve("driver").toString(), String.join(":", folders));
    assertTrue(said.contains("0 things live; done"), said);
    assertTrue(said.contains("name=Stub 0, ordinal=0, memoryBytes=6000000000, major=8, minor=6, driver=12.4"), said);
    assertTrue(said.contains("ptxas: nonsense in line 4"), said);
    assertTrue(said.contains("exhausted: device 0 (Stub 0): 1024.00 GiB asked for, 4.66 GiB free of 5.59 GiB"), said);
    assertTrue(said.contains("CUFFT_INTERNAL_ERROR"), said);
    assertTrue(said.contains("work area: 1024"), said);
    return said;
  }

  private List<Path> left() throws IOException {
    try (Stream<Path> files = Files.list(temporary)) {
      return files.filter(file -> !file.getFileName().toString().startsWith("hsperf")).toList();
    }
  }

  @Test
  void shouldReachTheDriverThroughJCudaAndCufftOfCuda11() throws Exception {
    Path planted = Files.writeString(temporary.resolve(PLANTED), "not a library");
    String said = run(12, 10);
    assertTrue(said.contains("java.lang.foreign on "), said);
    assertTrue(said.contains("arithmetic: cuda/cufft-10.9.0/sm_86"), said);
    assertEquals(List.of(planted), left());
  }

  @Test
  void shouldReachCufftOfCuda12WhereThatOfCuda11IsMissing() throws Exception {
    String said = run(11, 12);
    assertTrue(said.contains("java.lang.foreign on "), said);
    assertTrue(said.contains("libcufft.so.10 is in none of the folders"), said);
    assertTrue(said.contains("libcufft.so.12 needs a driver for CUDA 13, this one is for 12.4"), said);
    assertTrue(said.contains("arithmetic: cuda/cufft-11.4.1/sm_86"), said);
    assertEquals(List.of(), left());
  }

  @Test
  void shouldTryTheNextCufftWhereOneCannotBeLoaded() throws Exception {
    Path broken = Files.createDirectories(temporary.resolve("broken"));
    Files.writeString(broken.resolve("libcufft.so.10"), "not a library");
    String said = run(libraries.resolve("driver").toString(), broken + ":" + libraries.resolve("cufft11"));
    assertTrue(said.contains("libcufft.so.10 cannot be loaded"), said);
    assertTrue(said.contains("arithmetic: cuda/cufft-11.4.1/sm_86"), said);
  }

  @Test
  void shouldSayWhatToInstallWhereThereIsNoCufft() throws Exception {
    String said = run(libraries.resolve("driver").toString(), temporary.toString());
    assertTrue(said.contains("reason: no cuFFT: libcufft.so.10 is in none of the folders; libcufft.so.12 is in none"),
        said);
    assertTrue(said.contains("devices: []"), said);
  }

  @Test
  void shouldUnpackNothingWhereThereIsNoDriver() throws Exception {
    String said = run(temporary.toString(), temporary.toString());
    assertTrue(said.contains("devices: []"), said);
    assertEquals(List.of(), left());
  }
}
