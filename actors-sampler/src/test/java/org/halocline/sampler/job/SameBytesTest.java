package org.halocline.sampler.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.halocline.cosmology.npy.NpyFile;
import org.halocline.runtime.config.Settings;
import org.halocline.runtime.job.Digests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The numbers of a job depend on neither layout nor the order of delivery. */
@Timeout(600)
class SameBytesTest {
  private static final List<String> LAYOUTS = List.of("x = 1, y = 1", "x = 2, y = 1", "x = 1, y = 3", "x = 2, y = 2",
      "x-cells = [3, 21]", "y-cells = [11, 1, 12]", "x-cells = [17, 7], y-cells = [5, 19]");
  private static final List<String> SHAKEN = List.of("x = 2, y = 2", "x-cells = [20, 4], y = 2");
  private static final long SHAKE_SEED = 7919;

  @TempDir
  Path directory;

  private TestLanes lanes = TestLanes.CORES;

  @ParameterizedTest
  @EnumSource
  void shouldWriteTheSameBytesOnEveryLayoutAndInAnyOrder(TestLanes on) throws Exception {
    System.out.println("shake seed " + SHAKE_SEED);
    lanes = on;
    Map<String, Map<String, String>> simulate = new TreeMap<>();
    Map<String, Map<String, String>> gradient = new TreeMap<>();
    runAll(LAYOUTS, OptionalLong.empty(), simulate, gradient);
    runAll(SHAKEN, OptionalLong.of(SHAKE_SEED), simulate, gradient);
    Map<String, String> first = simulate.get(LAYOUTS.getFirst());
    assertEquals(List.of("density.npy", "displacement.npy", "kappa.npy", "momentum.npy", "planes.npy", "power.csv"),
        List.copyOf(first.keySet()));
    simulate.forEach((layout, digests) -> assertEquals(first, digests, "simulate on " + layout));
    Map<String, String> firstGradient = gradient.get(LAYOUTS.getFirst());
    assertEquals(List.of("gradient.json", "gradient_noise.npy"), List.copyOf(firstGradient.keySet()));
    gradient.forEach((layout, digests) -> assertEquals(firstGradient, digests, "gradient on " + layout));
  }

  /** Noise that numpy saved transposed, {@code numpy.save(file, noise.T.copy().T)}, is the same noise on every rank. */
  @Test
  void shouldReadNoiseInFortranOrderAlikeOnEveryLayout() throws Exception {
    Path inputs = Files.createDirectories(directory.resolve("inputs"));
    Jobs.writeFiles(inputs);
    try (NpyFile noise = NpyFile.open(inputs.resolve("noise.npy"))) {
      int[] s = noise.shape();
      double[] c = noise.readAllDoubles();
      ByteBuffer turned = ByteBuffer.allocate(128 + 8 * c.length);
      String header = "\u0093NUMPY\1\0v\0{'descr': '>f8', 'fortran_order': True, 'shape': (" + s[0] + ", " + s[1] + ", "
          + s[2] + "), }";
      turned.put((header + " ".repeat(127 - header.length()) + "\n").getBytes(StandardCharsets.ISO_8859_1));
      for (int z = 0; z < s[2]; z++)
        for (int y = 0; y < s[1]; y++)
          for (int x = 0; x < s[0]; x++)
            turned.putDouble(c[(x * s[1] + y) * s[2] + z]);
      Files.write(inputs.resolve("turned.npy"), turned.array());
    }
    try (JobNode node = JobNode.start(4, OptionalLong.empty(), lanes)) {
      Map<String, Map<String, String>> found = new TreeMap<>();
      for (String run : List.of("noise.npy x = 1, y = 1", "turned.npy x = 1, y = 1", "turned.npy x = 2, y = 2",
          "turned.npy x-cells = [5, 3], y-cells = [2, 6]")) {
        String[] parts = run.split(" ", 2);
        String job = Jobs.with("noise.npy", parts[0]).replace("x = 1, y = 1", parts[1]);
        found.put(run, digests(node.run(job, inputs, directory.resolve(run))));
      }
      assertEquals(1, Set.copyOf(found.values()).size(), () -> found + "");
    }
  }

  private void runAll(List<String> layouts, OptionalLong shake, Map<String, Map<String, String>> simulate,
      Map<String, Map<String, String>> gradient) throws Exception {
    try (JobNode node = JobNode.start(4, shake, lanes)) {
      for (String layout : layouts) {
        String name = layout + (shake.isPresent() ? " shaken" : "");
        String model = Fixtures.model("lightcone", "gradient_point", "noise_gradient_point.npy") + Fixtures.lensing()
            + "layout { device = " + Settings.dashed(lanes.device()) + ", " + layout + " }\n";
        simulate.put(name, digests(node.run("kind = simulate\n" + model, Fixtures.directory("lightcone"),
            directory.resolve("simulate " + name))));
        gradient.put(name, digests(node.run("kind = gradient\n" + model, Fixtures.directory("lightcone"),
            directory.resolve("gradient " + name))));
      }
    }
  }

  /** Of the results that hold numbers of the physics, not of the clock. */
  private static Map<String, String> digests(JobNode.Ended ended) throws IOException {
    Map<String, String> digests = new TreeMap<>();
    try (Stream<Path> files = Files.list(ended.finished("."))) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(".npy") || name.equals("gradient.json") || name.equals("power.csv"))
          digests.put(name, Digests.sha256(file));
      }
    }
    return digests;
  }
}
