package org.halocline.cosmology.nbody;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.halocline.cosmology.background.Cosmology;
import org.halocline.cosmology.comm.Port;
import org.halocline.cosmology.core.CoreKernels;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.FixedPoint;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.kernel.Memory;
import org.halocline.cosmology.mesh.Block;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.observe.FinalDensity;
import org.halocline.cosmology.observe.LightCone;
import org.halocline.cosmology.random.Seeds;
import org.halocline.cosmology.theta.LimitException;
import org.halocline.cosmology.theta.Parameter;
import org.halocline.cosmology.theta.Theta;
import org.halocline.cosmology.timeline.Edges;
import org.halocline.cosmology.timeline.Scheme;
import org.halocline.cosmology.timeline.Spacing;
import org.halocline.cosmology.timeline.Timeline;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What leaves its bounds ends a pass on every rank alike, in words that name value, bound and key; NaN is never silent.
 */
@Timeout(300)
class LimitTest {
  private static final Mesh MESH = new Mesh(12, 8, 12, 100, 80, 110);

  private static SimulationPlan plan(double max) throws LimitException {
    return Cases.plan(MESH, 2, Scheme.BULLFROG, new Edges.Snapshot(4, Spacing.LOG_A), max);
  }

  /** Of a new chain on the kind of lane that is tested. */
  Kernels kernels() {
    return CoreKernels.of();
  }

  private interface Pass {
    void run(Simulation s, Memory memory, Block block, Port port) throws Exception;
  }

  /** The message each rank ended with. */
  private List<String> messages(SimulationPlan plan, Decomposition d, Pass pass) throws Exception {
    return Domains.run(d, (rank, port) -> {
      Kernels kernels = kernels();
      try (Memory memory = kernels.memory(); Simulation s = new Simulation(plan, d, rank, kernels, port)) {
        pass.run(s, memory, d.block(rank), port);
        return "no limit";
      } catch (LimitException e) {
        assertTrue(e.getMessage().contains(e.key()) && e.getMessage().contains(e.bound())
            && e.getMessage().contains("" + e.value()), e.getMessage());
        return e.getMessage();
      }
    });
  }

  private void assertLimited(SimulationPlan plan, Pass pass, String... parts) throws Exception {
    String first = "";
    for (Decomposition d : Cases.layouts(plan.mesh()))
      for (String message : messages(plan, d, pass)) {
        for (String part : parts)
          assertTrue(message.contains(part), () -> Cases.name(d) + ": " + message + " lacks " + part);
        if (first.isEmpty())
          first = message;
        assertEquals(first, message, "the same words on every rank and layout");
      }
    System.out.println(first);
  }

  private static Pass forward(Theta theta, float[] noise) {
    return (s, memory, block, _) -> s.forward(theta, Cases.floats(memory, s.plan().mesh(), block, noise));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.3, 0.5})
  void shouldEndOnEveryRankWhenOneParticleGoesTooFar(double max) throws Exception {
    float[] noise = Seeds.floats(Seeds.random("too far", 21), (int) MESH.size());
    assertLimited(plan(max), forward(Cases.LCDM, noise), "displacement", "at most " + max,
        "simulation.max-displacement");
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void shouldEndOnNoiseThatIsNotFinite(float bad) throws Exception {
    float[] noise = Seeds.floats(Seeds.random("noise", 22), (int) MESH.size());
    noise[noise.length - 1] = bad;
    assertLimited(plan(4), forward(Cases.LCDM, noise), "NaN", "a-initial", "simulation.noise");
  }

  @Test
  void shouldEndOnSmallAlpha() throws Exception {
    float[] noise = new float[(int) MESH.size()];
    SimulationPlan fine = plan(4);
    SimulationPlan coarse = new SimulationPlan(MESH,
        new Timeline(0.02, 2, Scheme.BULLFROG, new Edges.Snapshot(2, Spacing.LOG_A)), fine.maxDisplacementCells(),
        fine.units());
    assertLimited(coarse, forward(Cases.LCDM, noise), "alpha of step 0", "at least 0.05", "simulation.a-initial");
  }

  @Test
  void shouldEndOnParametersThatAreNotFinite() throws Exception {
    float[] noise = new float[(int) MESH.size()];
    for (Parameter p : Cosmology.PARAMETERS)
      for (double bad : new double[]{Double.NaN, Double.POSITIVE_INFINITY})
        for (String message : messages(plan(4), Decomposition.even(MESH, 2, 1),
            forward(Cases.LCDM.with(p.name(), bad), noise)))
          assertTrue(!message.equals("no limit"), p + " = " + bad);
  }

  /** sigma8 so large that P overflows its int32 before any displacement is looked at. */
  @Test
  void shouldEndOnMomentumBeyondItsQuanta() throws Exception {
    float[] noise = Seeds.floats(Seeds.random("momentum", 23), (int) MESH.size());
    SimulationPlan plan = plan(100);
    SimulationPlan fine = new SimulationPlan(MESH, plan.timeline(), plan.maxDisplacementCells(),
        new FixedPoint(plan.units().displacementBits(), 0x1p-31, 20));
    assertLimited(fine, forward(Cases.LCDM, noise), "momentum", "below 2^31");
  }

  /** All particles of a thick column in one cell: 2^12 of 2^20 units each overflow int32. */
  @Test
  void shouldEndWhenAPaintedCellOverflows() throws Exception {
    Mesh mesh = new Mesh(16, 16, 16, 160, 160, 160);
    SimulationPlan plan = Cases.plan(mesh, 1, Scheme.BULLFROG, new Edges.Snapshot(4, Spacing.LOG_A), 16);
    float[] noise = new float[(int) mesh.size()];
    assertLimited(plan, (s, memory, block, _) -> {
      s.initial(Cases.LCDM, Cases.floats(memory, mesh, block, noise), Observable.NONE);
      for (int n = 0; n < block.size(); n++) {
        int[] site = {block.x0() + n / block.nz() / block.ny(), block.y0() + n / block.nz() % block.ny(),
            n % block.nz()};
        for (int axis = 0; axis < 3; axis++) {
          int[] x = {(int) ((8 - site[axis]) / s.plan().units().cell())};
          memory.write(x, 0, s.particles().x()[axis], n, 1);
        }
      }
      s.density();
    }, "mass", "overflow", "simulation.mesh");
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
  void shouldPassNaNOnToEveryGradient(float bad) throws Exception {
    float[] noise = Seeds.floats(Seeds.random("gradient", 24), (int) MESH.size());
    for (Decomposition d : List.of(Decomposition.even(MESH, 1, 1), Decomposition.even(MESH, 3, 2))) {
      float[] gradient = new float[noise.length];
      for (double[] theta : Domains.run(d, (rank, port) -> {
        Kernels kernels = kernels();
        Block block = d.block(rank);
        try (Memory memory = kernels.memory(); Simulation s = new Simulation(plan(4), d, rank, kernels, port)) {
          Floats z = Cases.floats(memory, MESH, block, noise);
          Floats bar = memory.floats(block.size());
          FinalDensity end = new FinalDensity(s);
          s.forward(Cases.LCDM, z, end);
          Floats density = end.density();
          if (rank == d.ranks() - 1)
            memory.write(new float[]{bad}, 0, density, 5, 1);
          end.cotangent(density);
          double[] theta = s.reverse(end, z, bar);
          Cases.collect(memory, MESH, block, bar, gradient);
          return theta;
        }
      }))
        for (double value : theta)
          assertTrue(Double.isNaN(value), Arrays.toString(theta));
      for (float value : gradient)
        assertTrue(!Float.isFinite(value), "finite " + value + " on " + Cases.name(d));
    }
  }

  @Test
  void shouldPassNaNOfAPlaneOnToEveryGradient() throws Exception {
    SimulationPlan plan = Cases.plan(MESH, 2, Scheme.BULLFROG, new Edges.LightCone(4, 3, 110), 4);
    float[] noise = Seeds.floats(Seeds.random("plane", 25), (int) MESH.size());
    for (double[] theta : Domains.run(Decomposition.even(MESH, 2, 1), (rank, port) -> {
      Decomposition d = Decomposition.even(MESH, 2, 1);
      Kernels kernels = kernels();
      try (Memory memory = kernels.memory(); Simulation s = new Simulation(plan, d, rank, kernels, port)) {
        Floats z = Cases.floats(memory, MESH, d.block(rank), noise);
        Floats bar = memory.floats(d.block(rank).size());
        LightCone cone = new LightCone(s);
        s.forward(Cases.LCDM, z, cone);
        double[] planes = cone.planes();
        if (rank == 0)
          planes[7] = Double.NaN;
        cone.cotangent(planes);
        return s.reverse(cone, z, bar);
      }
    }))
      for (double value : theta)
        assertTrue(Double.isNaN(value), Arrays.toString(theta));
  }

  /** A cotangent so small that no scale would paint it, and none at all. */
  @ParameterizedTest
  @ValueSource(floats = {0, Float.MIN_VALUE, 0x1p-60f, 0x1p25f})
  void shouldScaleGradientsFromVanishingToHuge(float factor) throws Exception {
    float[] noise = Seeds.floats(Seeds.random("scale", 26), (int) MESH.size());
    Decomposition d = Decomposition.even(MESH, 1, 1);
    float[][] gradients = new float[2][noise.length];
    for (int pass = 0; pass < 2; pass++) {
      Kernels kernels = kernels();
      try (Memory memory = kernels.memory(); Simulation s = new Simulation(plan(4), d, 0, kernels, Port.solo())) {
        Floats z = Cases.floats(memory, MESH, d.block(0), noise);
        Floats bar = memory.floats(noise.length);
        FinalDensity end = new FinalDensity(s);
        s.forward(Cases.LCDM, z, end);
        Floats density = end.density();
        if (pass == 1)
          kernels.vectors().scale(factor, density);
        end.cotangent(density);
        for (double value : s.reverse(end, z, bar))
          assertTrue(!Double.isNaN(value));
        Cases.collect(memory, MESH, d.block(0), bar, gradients[pass]);
      }
    }
    for (int i = 0; i < noise.length; i++)
      gradients[0][i] *= factor;
    if (factor == 0)
      assertArrayEquals(new float[noise.length], gradients[1]);
    else if (factor > Float.MIN_VALUE)
      assertArrayEquals(gradients[0], gradients[1], "a power of two changes no digit");
  }

  @Test
  void shouldRefusePlansThatCannotBe() throws Exception {
    SimulationPlan good = plan(4);
    Timeline cone = new Timeline(0.1, 2, Scheme.BULLFROG, new Edges.LightCone(4, 5, 110));
    refused("5 planes", "12", () -> with(good, cone, 4, good.units()));
    Timeline longer = new Timeline(0.1, 2, Scheme.BULLFROG, new Edges.LightCone(4, 3, 111));
    refused("111", "110", () -> with(good, longer, 4, good.units()));
    for (double max : new double[]{Double.NaN, -1, 0, Double.POSITIVE_INFINITY, 128})
      refused("" + max, "simulation.max-displacement",
          () -> with(good, good.timeline(), max, new FixedPoint(24, 1, 20)));
    with(good, good.timeline(), 126.5, new FixedPoint(24, 1, 20));
  }

  private static SimulationPlan with(SimulationPlan plan, Timeline timeline, double max, FixedPoint units) {
    return new SimulationPlan(plan.mesh(), timeline, new double[]{1, max, 1}, units);
  }

  private static void refused(String value, String bound, org.junit.jupiter.api.function.Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.contains(value) && message.contains(bound), message);
  }
}
