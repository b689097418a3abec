package org.halocline.ops.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.halocline.ops.Npy;
import org.halocline.ops.Outcome;

/** Inferences of a few cells and some seconds, with fields among their draws: what the tests of this package run. */
final class Inference {
  private static final int ALONE_SECONDS = 400;
  private static final String JOB = """
      kind = infer
      cosmology { omega-m = 0.3, sigma8 = 0.8 }
      simulation {
        mesh = [6, 6, 8], box-mpc-h = [400, 400, 2048], a-initial = 0.1, lpt-order = 2, scheme = bullfrog
        light-cone { steps-before = 3, planes = 4 }
      }
      lensing { field-of-view-deg = 10, pixels = 4, sources = "nz.csv", allow-truncated-sources = true }
      data { map = "map.npy", sigma-pixel = 0.003 }
      infer {
        parameters { omega-m = "uniform(0.1, 0.5)", sigma8 = "truncated-normal(0.8, 0.2, 0.4, 1.2)" }
        chains = 2, warm-up = 10, draws = %d, seed = %d, max-steps = 3, thin { noise = 10, kappa = 15 }
      }
      checkpoint { seconds = 1, draws = 5 }
      %s
      """;

  private Inference() {}

  /** Writes the job and, where they are missing, its inputs. */
  static Path write(Path folder, int draws, int seed, String more) throws IOException {
    Path map = folder.resolve("map.npy");
    if (!Files.exists(map)) {
      Files.writeString(folder.resolve("nz.csv"), "z,bin0,bin1\n0.1,0,0\n0.3,1,0\n0.6,0.5,1\n0.9,0,0.5\n1.2,0,0\n");
      Npy.noise(1, 0.003f, 2, 4, 4).write(map);
    }
    String name = String.format(Locale.ROOT, "job-%d-%d-%08x.conf", draws, seed, more.hashCode());
    return Files.writeString(folder.resolve(name), JOB.formatted(draws, seed, more));
  }

  /** What the job gives when nothing disturbs it: by {@code run}, in a process of its own. */
  static Results alone(Path job) throws Exception {
    Path output = job.resolveSibling(job.getFileName() + ".alone");
    Outcome outcome = Outcome.of(Commands.process(job.getParent(), List.of(),
        List.of("run", job.toString(), "--output", output.toString(), "--lanes", "1")), job.getParent(),
        ALONE_SECONDS);
    assertEquals(0, outcome.exit(), outcome::toString);
    return Results.of(output);
  }
}
