package org.halocline.sampler.model.nbody;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import org.halocline.cosmology.background.Cosmology;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.theta.Theta;
import org.halocline.cosmology.timeline.Edges;
import org.halocline.cosmology.timeline.Scheme;
import org.halocline.cosmology.timeline.StepCoefficients;
import org.halocline.cosmology.timeline.Timeline;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The default of {@code simulation.max-displacement}. */
@Timeout(300)
class DisplacementLimitTest {
  private static final Path EXAMPLES = Path.of("../ops/examples").toAbsolutePath().normalize();

  @ParameterizedTest
  @ValueSource(strings = {"survey-tiny", "survey-small", "survey-medium"})
  void shouldCoverTheDemonstrationSurveys(String survey) throws Exception {
    JsonNode truth = new ObjectMapper().readTree(EXAMPLES.resolve(survey).resolve("truth.json").toFile());
    JsonNode cells = truth.get("mesh");
    JsonNode box = truth.get("box_mpc_h");
    Mesh mesh = new Mesh(cells.get(0).asInt(), cells.get(1).asInt(), cells.get(2).asInt(), box.get(0).asDouble(),
        box.get(1).asDouble(), box.get(2).asDouble());
    Timeline timeline = new Timeline(0.1, 2, Scheme.BULLFROG, new Edges.LightCone(4, 8, mesh.lzMpcH()));
    Theta theta = Theta.usual(Cosmology.PARAMETERS).with(Cosmology.SIGMA8.name(),
        truth.get("cosmology").get("sigma8").asDouble());
    double[] limit = limit(mesh, timeline, theta).toArray();
    double[] top = limit(mesh, timeline, theta.with(Cosmology.SIGMA8.name(), 1.2)).toArray();
    for (int axis = 0; axis < 3; axis++) {
      double found = truth.get("max_displacement_cells").get(axis).asDouble();
      System.out.printf("%s axis %d: %.3f found, limit %.3f, at sigma8 = 1.2 %.3f%n", survey, axis, found, limit[axis],
          top[axis]);
      assertTrue(limit[axis] > 1.4 * found, "room for half as much again");
      assertTrue(top[axis] > limit[axis] && top[axis] < mesh.cells(axis) / 2.0);
    }
  }

  private static DisplacementLimit limit(Mesh mesh, Timeline timeline, Theta theta) throws Exception {
    StepCoefficients coefficients = StepCoefficients.compute(theta, timeline, mesh.kMaxHMpc(), mesh.kMinHMpc());
    return DisplacementLimit.linear(mesh, coefficients.rootPower()::at, DisplacementLimit.defaultMargin(mesh));
  }

  /** One mode along x: power where only k = 2π/L · (1, 0, 0) counts gives 2 P/V d²/k⁴. */
  @Test
  void shouldSumModesOnce() {
    Mesh mesh = new Mesh(16, 8, 8, 160, 80, 80);
    double k = 2 * Math.PI / 160;
    double[] variance = DisplacementLimit.linearVariance(mesh, at -> Math.abs(at - k) < 1e-9 ? 3 : 0);
    double d = (8 * Math.sin(k * 10) - Math.sin(2 * k * 10)) / 60;
    assertEquals(2 * 9 * d * d / (160.0 * 80 * 80 * Math.pow(k, 4)), variance[0], 1e-12 * variance[0]);
    assertEquals(0, variance[1]);
    assertEquals(0, variance[2]);
  }

  @Test
  void shouldTakeTheLargerOnEveryAxis() {
    assertEquals(new DisplacementLimit(3, 5, 4), new DisplacementLimit(3, 2, 4).or(new DisplacementLimit(1, 5, 4)));
    assertEquals(List.of(3.0, 2.0, 4.0), new DisplacementLimit(3, 2, 4).toList());
  }
}
