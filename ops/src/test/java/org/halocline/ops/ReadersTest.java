package org.halocline.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** cmdstanpy, ArviZ and GetDist read what a run leaves, by the README's lines of Python, which run as they stand. */
@Timeout(600)
class ReadersTest {
  private static final int SECONDS = 300;
  /** Curvature often meets its limit, so that some trajectories diverge. */
  private static final String JOB = """
      kind = infer
      simulation { mesh = [6, 6, 8], box-mpc-h = [400, 400, 2048], light-cone { steps-before = 3, planes = 4 } }
      lensing { field-of-view-deg = 10, pixels = 4, sources = "nz.csv", allow-truncated-sources = true }
      data { map = "map.npy", sigma-pixel = 0.1 }
      infer { parameters { omega-m = "uniform(0.1, 0.5)", omega-k = "normal(0.2, 0.4)" }
        chains = 2, warm-up = 30, draws = 50, max-steps = 6, save-warm-up = %s }
      """;

  @TempDir
  Path folder;

  @Test
  void shouldBeReadByOtherPrograms() throws Exception {
    String python = System.getProperty("halocline.python", "");
    assumeTrue(!python.isEmpty(), "no Python with cmdstanpy, getdist and arviz: make one by "
        + "ops/src/test/python/install-readers FOLDER, and name it by -Dhalocline.python=FOLDER/bin/python");
    Npy.constant(0.001f, 2, 4, 4).write(folder.resolve("map.npy"));
    Files.writeString(folder.resolve("nz.csv"), "z,bin0,bin1\n0,0,0\n0.3,1,0.2\n0.6,0.3,1\n0.9,0,0\n");
    Path root = Path.of("").toAbsolutePath().getParent();
    for (boolean saveWarmUp : List.of(false, true)) {
      Path job = Files.writeString(folder.resolve("job.conf"), JOB.formatted(saveWarmUp));
      Path output = folder.resolve("run-" + saveWarmUp);
      Outcome ran = Halocline.inside("run", job.toString(), "--output", output.toString(), "--lanes", "2",
          "--oversubscribe");
      assertEquals(0, ran.exit(), ran::toString);
      Outcome read = Outcome.of(new ProcessBuilder(python, root.resolve("ops/src/test/python/readers.py").toString(),
          root.resolve("README.md").toString()).directory(output.toFile()), folder, SECONDS);
      assertEquals(0, read.exit(), read::toString);
      assertTrue(read.out().endsWith("read\n"), read::toString);
    }
  }
}
