package org.halocline.cosmology.nbody;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.IntFunction;
import org.halocline.cosmology.core.CoreKernels;
import org.halocline.cosmology.cuda.host.DeviceUnderTest;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.kernel.Memory;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.random.Seeds;
import org.halocline.cosmology.timeline.Edges;
import org.halocline.cosmology.timeline.Scheme;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The programs' own tests on the kernels of a GPU: the same accuracy, the same bits on every layout. */
abstract class DeviceProgramTest {
  abstract DeviceUnderTest device();

  @BeforeEach
  void needsItsDevice() {
    device().device();
  }

  /** Ranks on a core and on a device in one domain: no longer the same bits, but the same physics. */
  @Test
  @Timeout(300)
  void shouldRunBesideACore() throws Exception {
    Mesh mesh = new Mesh(12, 10, 16, 110, 105, 170);
    SimulationPlan plan = Cases.plan(mesh, 2, Scheme.BULLFROG, new Edges.LightCone(4, 4, 170), 4);
    float[] noise = Seeds.floats(Seeds.random("mixed", 12), (int) mesh.size());
    for (Decomposition d : List.of(Decomposition.even(mesh, 2, 1), Decomposition.even(mesh, 2, 2))) {
      Outcome expected = run(plan, d, noise, _ -> CoreKernels.of());
      Outcome mixed = run(plan, d, noise, rank -> rank % 2 == 0 ? device().kernels() : CoreKernels.of());
      double displacement = FixtureCheck.rms(mixed.x, expected.x);
      double gradient = FixtureCheck.relative(mixed.gradient, expected.gradient);
      System.out.printf("mixed %s: displacement %.1e cells, gradient %.1e%n", Cases.name(d), displacement, gradient);
      assertTrue(displacement < 1e-5, () -> "displacement " + displacement);
      assertTrue(gradient < 1e-4, () -> "gradient " + gradient);
      for (int i = 0; i < expected.theta.length; i++)
        assertEquals(expected.theta[i], mixed.theta[i], 1e-4 * Math.abs(expected.theta[i]) + 1e-9);
    }
  }

  private record Outcome(float[] x, float[] gradient, double[] theta) {}

  private static Outcome run(SimulationPlan plan, Decomposition d, float[] noise, IntFunction<Kernels> lanes)
      throws Exception {
    Mesh mesh = d.mesh();
    float[] x = new float[noise.length];
    float[] gradient = new float[noise.length];
    double[] theta = Domains.run(d, (rank, port) -> {
      Kernels kernels = lanes.apply(rank);
      try (Memory memory = kernels.memory(); Simulation s = new Simulation(plan, d, rank, kernels, port)) {
        Floats z = Cases.floats(memory, mesh, d.block(rank), noise);
        Observable cone = Cases.observable(s);
        s.forward(Cases.LCDM, z, cone);
        FixtureCheck.gather(kernels, mesh, d.block(rank), s.particles().x()[0], s.plan().units().cell(), 0, x);
        double[] bars = s.reverse(Cases.withCotangent(cone), z, z);
        Cases.collect(memory, mesh, d.block(rank), z, gradient);
        return bars;
      }
    }).getFirst();
    return new Outcome(x, gradient, theta);
  }

  @Nested
  class Reference extends ReferenceTest {
    @Override
    Kernels kernels() {
      return device().kernels();
    }
  }

  @Nested
  class MoreCases extends CasesTest {
    @Override
    Kernels kernels() {
      return device().kernels();
    }
  }

  @Nested
  class Layouts extends LayoutTest {
    @Override
    Kernels kernels() {
      return device().kernels();
    }
  }

  @Nested
  class Transposes extends TransposeTest {
    @Override
    Kernels kernels() {
      return device().kernels();
    }
  }

  @Nested
  class Limits extends LimitTest {
    @Override
    Kernels kernels() {
      return device().kernels();
    }
  }

  @Nested
  class Reverses extends ReverseTest {
    /** Few, where a core takes a GPU's place. */
    @Override
    int cells() {
      return device() == DeviceUnderTest.HOST ? 32 : 64;
    }

    @Override
    Kernels kernels() {
      return device().kernels();
    }
  }

  @Nested
  class PowerSpectra extends PowerSpectrumTest {
    @Override
    Kernels kernels() {
      return device().kernels();
    }
  }
}
