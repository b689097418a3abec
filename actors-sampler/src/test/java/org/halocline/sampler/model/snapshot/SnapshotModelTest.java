package org.halocline.sampler.model.snapshot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.halocline.cosmology.background.Cosmology;
import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.nbody.Simulation;
import org.halocline.cosmology.npy.NpyWriter;
import org.halocline.cosmology.observe.FinalDensity;
import org.halocline.cosmology.random.NoiseKey;
import org.halocline.cosmology.theta.Parameter;
import org.halocline.runtime.config.Settings;
import org.halocline.runtime.job.JobFile;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.distribution.interval.Uniform;
import org.halocline.sampler.distribution.scalar.Normal;
import org.halocline.sampler.model.Reading;
import org.halocline.sampler.model.Use;
import org.halocline.sampler.model.input.NpyInput;
import org.halocline.sampler.model.nbody.NbodyPlan;
import org.halocline.sampler.ppl.Evaluation;
import org.halocline.sampler.ppl.Potential;
import org.halocline.sampler.support.MemoryDomain;
import org.halocline.sampler.tape.RankScope;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program of a density survey against the same calls made by hand. */
@Timeout(300)
class SnapshotModelTest {
  private static final double SIGMA = 0.5;

  @TempDir
  Path directory;
  private NbodyPlan settings;

  @BeforeEach
  void makeSettings() throws Exception {
    float[] density = new float[6 * 8 * 6];
    java.util.Arrays.fill(density, 1.1f);
    NpyWriter.write(directory.resolve("rho.npy"), density, 6, 8, 6);
    Files.writeString(directory.resolve("job.conf"), """
        simulation { mesh = [6, 8, 6], box-mpc-h = [300, 320, 340], a-initial = 0.1, lpt-order = 2, scheme = fastpm
          snapshot { steps = 3, spacing = a }, max-displacement = [0.4, 0.4, 0.4] }
        data { density = "rho.npy", sigma = 0.5 }
        """);
    Settings job = JobFile.read(directory.resolve("job.conf"), Map.of(), List.of()).orThrow().settings();
    settings = new SnapshotKind().plan(job, new Reading(Use.SAMPLE, NpyInput.EXAMINE))
        .orElseThrow(() -> new AssertionError(job.problems()));
  }

  private static Map<Parameter, ScalarDistribution> priors() {
    Map<Parameter, ScalarDistribution> priors = new LinkedHashMap<>();
    priors.put(Cosmology.OMEGA_M, new Uniform(0.1, 0.5));
    priors.put(Cosmology.SIGMA8, new Normal(0.8, 0.1));
    return priors;
  }

  private record Found(Evaluation evaluation, float[] gradient, float[] byHand, double halfChiSquare, double[] theta) {}

  private Found evaluate(RankScope scope) throws Exception {
    Field.Floats z = scope.kernels().memory().floats(scope.block().size());
    Field.Floats gradient = scope.kernels().memory().floats(scope.block().size());
    scope.kernels().vectors().normal(z, scope.decomposition(), scope.rank(), new NoiseKey(4, NoiseKey.Purpose.TEST));
    double[] u = {0.2, -0.5};
    float[] found = new float[scope.block().size()];
    Evaluation evaluation;
    try (SnapshotModel model = new SnapshotModel(settings, Use.SAMPLE, priors(), scope)) {
      Potential potential = Potential.of(model, scope);
      assertEquals(List.of("omega_m", "sigma8"), potential.names());
      evaluation = potential.evaluate(u, List.of(z), List.of(gradient));
      scope.kernels().memory().read(gradient, 0, found, 0, found.length);
      assertOutside("displacement", potential.evaluate(new double[]{0.2, 21.9}, List.of(z), List.of(gradient)));
      assertOutside("sigma8", potential.evaluate(new double[]{0.2, 4000}, List.of(z), List.of(gradient)));
    }
    try (Simulation simulation = new Simulation(settings.plan(), scope.decomposition(), scope.rank(), scope.kernels(),
        scope.collectives().port())) {
      Field.Floats data = scope.kernels().memory().floats(scope.block().size());
      scope.kernels().vectors().fill(data, 1.1f);
      FinalDensity end = new FinalDensity(simulation);
      simulation.forward(settings.theta().with(Cosmology.OMEGA_M.name(), evaluation.constrained()[0])
          .with(Cosmology.SIGMA8.name(), evaluation.constrained()[1]), z, end);
      ExactSum chiSquare = new ExactSum();
      scope.kernels().vectors().residual(end.density(), data, SIGMA, scope.block().nz(), chiSquare);
      scope.collectives().sum(chiSquare);
      end.cotangent(end.density());
      double[] theta = simulation.reverse(end, z, gradient);
      float[] byHand = new float[found.length];
      scope.kernels().memory().read(gradient, 0, byHand, 0, byHand.length);
      return new Found(evaluation, found, byHand, 0.5 * chiSquare.value(), theta);
    }
  }

  private static void assertOutside(String limit, Evaluation beyond) {
    assertFalse(beyond.inside());
    assertTrue(beyond.outside().orElseThrow().contains(limit), beyond.outside().orElseThrow());
  }

  @Test
  void shouldBeTheLikelihoodAndItsGradientOnEveryLayout() throws Exception {
    Evaluation first = null;
    for (int parts = 1; parts <= 2; parts++)
      for (Found found : MemoryDomain.run(Decomposition.even(settings.plan().mesh(), parts, parts), this::evaluate)) {
        assertArrayEquals(found.byHand(), found.gradient());
        Evaluation e = found.evaluation();
        double normalisation = 6 * 8 * 6 * (Math.log(SIGMA) + 0.5 * Math.log(2 * Math.PI));
        assertEquals(found.halfChiSquare() + normalisation, e.likelihood(), 1e-9);
        double s = 1 / (1 + Math.exp(-0.2));
        double slope = 0.4 * s * (1 - s);
        double byOmega = found.theta()[Cosmology.PARAMETERS.indexOf(Cosmology.OMEGA_M)] * slope - (1 - 2 * s);
        double bySigma = found.theta()[Cosmology.PARAMETERS.indexOf(Cosmology.SIGMA8)] * 0.1 - 0.5;
        assertEquals(byOmega, e.gradient()[0], 1e-9 * Math.abs(byOmega));
        assertEquals(bySigma, e.gradient()[1], 1e-9 * Math.abs(bySigma));
        if (first != null) {
          assertArrayEquals(first.gradient(), e.gradient(), 0.0);
          assertEquals(first.likelihood(), e.likelihood(), 0.0);
        }
        first = e;
      }
  }
}
