package org.halocline.sampler.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.npy.NpyFile;
import org.halocline.cosmology.theta.Parameter;
import org.halocline.runtime.config.Settings;
import org.halocline.runtime.job.JobFile;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.distribution.scalar.Normal;
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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code gradient} writes is what {@code infer} finds at the same point, to the last bit. */
@Timeout(600)
class OneProgramTest {
  private static final String DENSITY = Jobs.RIGHT
      .replace("light-cone { steps-before = 4, planes = 4 }", "snapshot { steps = 5, spacing = a }")
      .replace("lensing { field-of-view-deg = 10, pixels = 6, sources = \"nz.csv\", allow-truncated-sources = true }",
          "")
      .replace("map = \"map.npy\", sigma-pixel = 0.006", "density = \"density.npy\", sigma = 0.5");

  @TempDir
  Path directory;

  private record Sampled(Evaluation evaluation, float[] gradient) {}

  /**
   * Under normal priors of width 1 about the job's own point u is 0 there, and the priors add nothing to the gradient.
   */
  private static Sampled sample(ModelPlan plan, RankScope scope) throws Exception {
    Map<Parameter, ScalarDistribution> priors = new LinkedHashMap<>();
    for (Parameter parameter : plan.space().parameters())
      priors.put(parameter, new Normal(plan.reference().value(parameter.name()), 1));
    Field.Floats z = scope.kernels().memory().floats(scope.block().size());
    Field.Floats gradient = scope.kernels().memory().floats(scope.block().size());
    try (RankModel model = plan.open(Use.SAMPLE, priors, scope)) {
      model.reference("z", z);
      Evaluation there = Potential.of(model, scope).evaluate(new double[priors.size()], List.of(z), List.of(gradient));
      float[] values = new float[scope.block().size()];
      scope.kernels().memory().read(gradient, 0, values, 0, values.length);
      return new Sampled(there, values);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"map", "density"})
  void shouldDifferentiateTheProgramThatIsSampled(String data) throws Exception {
    Jobs.writeFiles(directory);
    String text = data.equals("map") ? Jobs.RIGHT : DENSITY;
    Path output = directory.resolve("out");
    JsonNode found;
    try (JobNode node = JobNode.start(1, OptionalLong.empty())) {
      found = new ObjectMapper()
          .readTree(Files.readString(node.run(text, directory, output).finished("gradient.json")));
    }
    Settings job = JobFile.parse("job.conf", directory, text).orThrow().settings();
    ModelPlan plan = ModelKinds.read(job, new Reading(Use.SAMPLE, NpyInput.EXAMINE))
        .orElseThrow(() -> new AssertionError(job.problems()));
    Sampled sampled = new ArrayList<>(
        MemoryDomain.run(Decomposition.even(plan.mesh(), 1, 1), scope -> sample(plan, scope)))
        .getFirst();
    assertEquals(sampled.evaluation().misfit(), found.get("value").doubleValue(), 0.0);
    List<Parameter> parameters = plan.space().parameters();
    for (int i = 0; i < parameters.size(); i++)
      assertEquals(sampled.evaluation().gradient()[i],
          found.get("parameters").get(parameters.get(i).name()).doubleValue(), 0.0, parameters.get(i).name());
    try (NpyFile npy = NpyFile.open(output.resolve("gradient_noise.npy"))) {
      double[] written = npy.readAllDoubles();
      double[] same = new double[written.length];
      for (int i = 0; i < same.length; i++)
        same[i] = sampled.gradient()[i];
      assertArrayEquals(same, written, 0.0);
    }
  }
}
