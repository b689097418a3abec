package org.halocline.sampler.model.survey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.halocline.cosmology.background.Cosmology;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.npy.NpyWriter;
import org.halocline.cosmology.theta.Parameter;
import org.halocline.runtime.job.JobFile;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.distribution.scalar.Normal;
import org.halocline.sampler.job.SimulateKind;
import org.halocline.sampler.model.ModelKinds;
import org.halocline.sampler.model.ModelPlan;
import org.halocline.sampler.model.RankModel;
import org.halocline.sampler.model.Reading;
import org.halocline.sampler.model.Use;
import org.halocline.sampler.model.input.NpyInput;
import org.halocline.sampler.ppl.Evaluation;
import org.halocline.sampler.ppl.Potential;
import org.halocline.sampler.support.MemoryDomain;
import org.halocline.sampler.tape.RankScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A point θ that {@code simulate} refuses has log density −∞, and no other point has. */
@Timeout(300)
class ParameterSpaceTest {
  private static final int POINTS = 120;

  @TempDir
  Path directory;

  private static String simulate(double[] theta, String timeline) {
    StringBuilder job = new StringBuilder("kind = simulate\ncosmology { ");
    for (Parameter parameter : Cosmology.PARAMETERS)
      job.append(parameter.name()).append(" = ").append(theta[Cosmology.PARAMETERS.indexOf(parameter)]).append("\n");
    return job + "}\nsimulation { mesh = [4, 4, 4], box-mpc-h = [4000, 4000, 2000], " + timeline
        + ", max-displacement = [60, 60, 60], fixed-point { displacement-bits = 20, mass-bits = 18 } }\n";
  }

  private static String data(String job) {
    return job + "data { density = \"rho.npy\", sigma = 0.5 }\n";
  }

  private static double[] reference() {
    return new double[]{0.3, 0.05, 0.7, 0.96, 0.8, -1, 0, 0};
  }

  /** Most points break none of the ranges or one; some lie on an end. */
  private static double[] random(Random random) {
    double[] theta = reference();
    for (Parameter parameter : Cosmology.PARAMETERS) {
      double width = parameter.most() - parameter.least();
      double stretch = random.nextInt(8) == 0 ? 0.3 : 0;
      theta[Cosmology.PARAMETERS.indexOf(parameter)] = switch (random.nextInt(16)) {
        case 0 -> parameter.least();
        case 1 -> parameter.most();
        case 2 -> Math.nextUp(parameter.most());
        default -> parameter.least() - stretch * width + (1 + 2 * stretch) * width * random.nextDouble();
      };
    }
    if (random.nextInt(4) == 0)
      theta[Cosmology.PARAMETERS.indexOf(Cosmology.OMEGA_B)] = theta[Cosmology.PARAMETERS.indexOf(Cosmology.OMEGA_M)];
    else if (random.nextInt(2) == 0)
      theta[Cosmology.PARAMETERS.indexOf(Cosmology.OMEGA_B)] = 0.3
          * theta[Cosmology.PARAMETERS.indexOf(Cosmology.OMEGA_M)];
    return theta;
  }

  @Test
  void shouldHaveNoDensityExactlyWhereSimulateRefuses() throws Exception {
    NpyWriter.write(directory.resolve("rho.npy"), new float[64], 4, 4, 4);
    Map<Parameter, ScalarDistribution> priors = new LinkedHashMap<>();
    for (Parameter parameter : Cosmology.PARAMETERS)
      priors.put(parameter, new Normal(reference()[Cosmology.PARAMETERS.indexOf(parameter)], 1));
    for (String timeline : List.of("a-initial = 0.1, snapshot { steps = 5, spacing = a }",
        "a-initial = 0.1, light-cone { steps-before = 4, planes = 4 }")) {
      var job = JobFile.parse("job.conf", directory, data(simulate(reference(), timeline))).orThrow().settings();
      ModelPlan plan = ModelKinds.read(job, new Reading(Use.SAMPLE, NpyInput.EXAMINE))
          .orElseThrow(() -> new AssertionError(job.problems()));
      MemoryDomain.run(Decomposition.even(plan.mesh(), 1, 1), scope -> agree(plan, priors, timeline, scope));
    }
  }

  private Optional<String> agree(ModelPlan plan, Map<Parameter, ScalarDistribution> priors, String timeline,
      RankScope scope) throws Exception {
    int inside = 0;
    int outside = 0;
    var z = scope.kernels().memory().floats(scope.block().size());
    var gradient = scope.kernels().memory().floats(scope.block().size());
    try (RankModel model = plan.open(Use.SAMPLE, priors, scope)) {
      Potential potential = Potential.of(model, scope);
      Random random = new Random(5);
      for (int n = 0; n < POINTS; n++) {
        double[] theta = random(random);
        double[] u = new double[theta.length];
        for (Parameter parameter : Cosmology.PARAMETERS)
          u[Cosmology.PARAMETERS.indexOf(parameter)] = theta[Cosmology.PARAMETERS.indexOf(parameter)]
              - reference()[Cosmology.PARAMETERS.indexOf(parameter)];
        // what the program sees is the prior's image of u, so that is asked of simulate too
        for (Parameter parameter : Cosmology.PARAMETERS)
          theta[Cosmology.PARAMETERS.indexOf(parameter)] = reference()[Cosmology.PARAMETERS.indexOf(parameter)]
              + u[Cosmology.PARAMETERS.indexOf(parameter)];
        var checked = JobFile.parse("job.conf", directory, simulate(theta, timeline))
            .then(file -> new SimulateKind().check(file));
        Evaluation there = potential.evaluate(u, List.of(z), List.of(gradient));
        assertEquals(checked.problems().isEmpty(), there.inside(), () -> Arrays.toString(theta) + " is "
            + there.outside().orElse("inside") + " for a sampler, and for simulate has " + checked.problems());
        inside += there.inside() ? 1 : 0;
        outside += there.inside() ? 0 : 1;
      }
    }
    assertTrue(inside > POINTS / 20 && outside > POINTS / 20, inside + " inside, " + outside + " outside");
    return Optional.empty();
  }
}
