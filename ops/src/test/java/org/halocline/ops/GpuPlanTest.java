package org.halocline.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.halocline.cosmology.cuda.gpu.Devices;
import org.halocline.ops.cli.ExitCode;
import org.halocline.ops.doctor.GpuFindings;
import org.halocline.ops.plan.Jobs;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jobs planned for GPUs that need not be here. */
@Timeout(300)
class GpuPlanTest {
  private static final double GIB = 0x1p30;
  private static final String LARGE = """
      kind = gradient
      simulation { mesh = [1024, 1024, 1024], box-mpc-h = [2048, 2048, 2048], a-initial = 0.2
        light-cone { steps-before = 2, planes = 8 }, seed = 1 }
      lensing { field-of-view-deg = 10, pixels = 64, sources = "nz.csv", allow-truncated-sources = true }
      data { map = "observed.npy", sigma-pixel = 0.006 }
      layout { device = gpu }
      """;

  @TempDir
  Path folder;

  @BeforeEach
  void writeInputs() throws IOException {
    Npy.constant(0.001f, 2, 64, 64).write(folder.resolve("observed.npy"));
    Files.writeString(folder.resolve("nz.csv"), "z,bin0,bin1\n0,0,0\n0.3,1,0.2\n0.6,0.3,1\n0.9,0,0\n");
  }

  private Outcome plan(String job, String... options) throws IOException {
    String file = Files.writeString(folder.resolve("job.conf"), job).toString();
    List<String> arguments = new java.util.ArrayList<>(List.of("plan", file, "--lanes", "2", "--memory", "32g"));
    arguments.addAll(List.of(options));
    return Halocline.inside(arguments.toArray(String[]::new));
  }

  @Test
  void shouldHoldABillionParticlesAndTheirGradientOnOneGpu() throws IOException {
    Outcome json = plan(LARGE, "--gpu-memory", "80GiB", "--json");
    assertEquals(0, json.exit(), json::toString);
    JsonNode plan = new ObjectMapper().readTree(json.out());
    double device = plan.at("/memory/device-bytes").doubleValue() / GIB;
    System.out.printf("1024³ and its gradient in 10 steps: %.2f GiB of device memory%n", device);
    assertTrue(device > 64 && device <= 66, device + " GiB");
    assertTrue(plan.at("/memory/peak-bytes").longValue() < 4L << 30, "the node itself needs little: " + plan);
    assertFalse(plan.at("/time").has("seconds-a-unit"), "a time that was not measured: " + plan);
    Outcome text = plan(LARGE, "--gpu-memory", "80GiB");
    for (String words : List.of("1 × GPU, as supposed", "79.0 GiB of 80.0 GiB to be used", "device",
        "kernels and transforms", "no estimate: not measured on this GPU", "sent      nothing", "(cuda)"))
      assertTrue(text.out().contains(words), () -> "'" + words + "' is not in\n" + text);
  }

  @Test
  void shouldKeepADensityThatIsDataInTheSimulation() throws IOException {
    Npy.constant(1, 64, 64, 64).write(folder.resolve("density.npy"));
    String small = LARGE.replace("1024, 1024, 1024", "64, 64, 64");
    String density = small.replaceAll("(?m)^lensing.*$", "")
        .replace("data { map = \"observed.npy\", sigma-pixel = 0.006 }",
            "data { density = \"density.npy\", sigma = 1 }");
    assertEquals(deviceBytes(small), deviceBytes(density));
  }

  private long deviceBytes(String job) throws IOException {
    Outcome plan = plan(job, "--gpu-memory", "80GiB", "--json");
    assertEquals(0, plan.exit(), plan::toString);
    return new ObjectMapper().readTree(plan.out()).at("/memory/device-bytes").longValue();
  }

  @Test
  void shouldRefuseWhatDoesNotFitInNumbersAndSayWhatWould() throws IOException {
    Outcome small = plan(LARGE, "--gpu-memory", "40GiB");
    assertEquals(ExitCode.BAD_INPUT, small.exit(), small::toString);
    for (String words : List.of("memory: the job needs 6", "GiB of device memory", "39.0 GiB on 1 GPU",
        "what would fit: a mesh of "))
      assertTrue(small.err().contains(words), () -> "'" + words + "' is not in\n" + small);
    Outcome two = plan(LARGE, "--gpu-memory", "40GiB", "--gpus", "2");
    assertEquals(0, two.exit(), two::toString);
    assertTrue(two.out().contains("1 domain of 2×1 on 2 of 2 lanes (cuda)"), two::toString);
  }

  @Test
  void shouldLetSubdomainsShareAGpu() throws IOException {
    String job = LARGE.replace("1024, 1024, 1024", "256, 256, 256").replace("device = gpu",
        "device = gpu, x = 2, y = 2");
    Outcome shared = plan(job, "--gpu-memory", "80GiB", "--gpu-lanes", "4");
    assertEquals(0, shared.exit(), shared::toString);
    assertTrue(shared.out().contains("4 lanes each") && shared.out().contains("halos and pencils"), shared::toString);
    Outcome one = plan(job, "--gpu-memory", "80GiB");
    assertEquals(ExitCode.BAD_INPUT, one.exit(), one::toString);
    assertTrue(one.err().contains("needs 4 lanes of kind cuda, and 1 is free"), one::toString);
  }

  @Test
  void shouldRefuseOptionsThatMakeNoSense() throws IOException {
    for (String[] options : new String[][]{{"--gpu-memory", "much"}, {"--gpu-memory", "1k"},
        {"--gpu-memory", "80g", "--gpus", "0"}, {"--gpu-memory", "80g", "--gpu-lanes", "65"}})
      assertEquals(ExitCode.BAD_INPUT, plan(LARGE, options).exit(), String.join(" ", options));
    Outcome device = plan(LARGE.replace("device = gpu", "device = tpu"));
    assertTrue(device.exit() == ExitCode.BAD_INPUT && device.err().contains("layout.device")
        && device.err().contains("gpu"), device::toString);
  }

  @Test
  void shouldRefuseToTimeAGpuThatIsNotHereAndTellTheDoctorWhy() {
    assumeTrue(Devices.discover().list().isEmpty(), "a GPU is here");
    Outcome bench = Halocline.inside("bench", "--device", "gpu");
    assertEquals(ExitCode.BAD_INPUT, bench.exit(), bench::toString);
    assertTrue(bench.err().contains("there is no GPU") && bench.err().contains(Devices.discover().reason()),
        bench::toString);
    assertEquals(ExitCode.BAD_INPUT, Halocline.inside("bench", "--device", "gpu", "--growth").exit());
    assertEquals(ExitCode.BAD_INPUT, Halocline.inside("bench", "--device", "mixed").exit());
    String doctor = GpuFindings.here().toString();
    assertTrue(doctor.contains("none to be used") && doctor.contains(Devices.discover().reason()), doctor);
  }

  @Test
  void shouldSayWhatWasLookedForWhereThereIsNoGpu() throws IOException {
    assumeTrue(Devices.discover().list().isEmpty(), "a GPU is here");
    for (String kind : List.of("gpu", "mixed")) {
      Outcome refused = plan(LARGE.replace("device = gpu", "device = " + kind));
      assertEquals(ExitCode.BAD_INPUT, refused.exit(), refused::toString);
      assertTrue(refused.err().contains("layout.device = " + kind) && refused.err().contains("there is no GPU")
          && refused.err().contains(Devices.discover().reason()) && refused.err().contains("halocline doctor"),
          refused::toString);
    }
  }
}
