package org.halocline.cosmology.cuda.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * NVIDIA's assembler, which is part of every driver too, takes the module for old and new GPUs, and no kernel runs out
 * of registers. Runs only where {@value #FOLDER} names the folder into which src/test/cuda/install-libraries has put
 * it: mvn -Pcuda-libraries.
 */
@Timeout(300)
class PtxAssemblyTest {
  private static final String FOLDER = "halocline.test.cuda-libraries";
  private static final Pattern KERNEL = Pattern.compile(
      "entry function '(\\w+)'.*?(\\d+) bytes spill stores, (\\d+) bytes spill loads.*?Used (\\d+) registers",
      Pattern.DOTALL);
  /** With so many, a multiprocessor of 65536 holds four blocks of 256 threads. */
  private static final int MOST_REGISTERS = 64;
  /** Kernels of Fourier space that no step calls: two blocks do for them. */
  private static final Set<String> SELDOM = Set.of("bin_power", "power_transpose", "filter_transpose", "mix_modes");

  @TempDir
  Path scratch;

  @ParameterizedTest
  @ValueSource(strings = {"sm_70", "sm_80", "sm_90", "sm_100", "sm_120"})
  void shouldAssembleWithoutSpills(String architecture) throws Exception {
    String folder = System.getProperty(FOLDER, "");
    assumeFalse(folder.isEmpty(), "no " + FOLDER);
    Path ptxas = Path.of(folder, "nvidia/cuda_nvcc/bin/ptxas");
    assertTrue(Files.exists(ptxas), () -> ptxas + " is missing: run src/test/cuda/install-libraries");
    PtxModule module = PtxModule.shipped();
    Path source = Files.write(scratch.resolve("halocline.ptx"), module.bytes());
    Path log = scratch.resolve("log");
    int status = new ProcessBuilder(List.of(ptxas.toString(), "-arch=" + architecture, "-v", "-o",
        scratch.resolve("halocline.cubin").toString(), source.toString())).redirectErrorStream(true)
        .redirectOutput(log.toFile()).start().waitFor();
    String said = Files.readString(log);
    assertEquals(0, status, said);
    int kernels = 0;
    for (Matcher kernel = KERNEL.matcher(said); kernel.find(); kernels++) {
      String name = kernel.group(1);
      assertEquals("0 and 0", kernel.group(2) + " and " + kernel.group(3), () -> name + " spills:\n" + said);
      assertFalse(Integer.parseInt(kernel.group(4)) > (SELDOM.contains(name) ? 2 : 1) * MOST_REGISTERS,
          name + " takes " + kernel.group(4) + " registers");
    }
    assertEquals(module.kernels().size(), kernels, said);
  }
}
