package org.halocline.cosmology.theta;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.halocline.cosmology.background.Cosmology;
import org.halocline.cosmology.timeline.Edges;
import org.halocline.cosmology.timeline.Scheme;
import org.halocline.cosmology.timeline.Spacing;
import org.halocline.cosmology.timeline.StepCoefficients;
import org.halocline.cosmology.timeline.Timeline;
import org.junit.jupiter.api.Test;

class ThetaTest {
  private static final Theta NUISANCE = Theta.of(List.of("a-ia", "bias"), 0.7, 1.5);
  private static final Theta COSMOLOGY = Theta.usual(Cosmology.PARAMETERS);

  @Test
  void shouldReplaceOneValueAndKeepTheOrder() {
    Theta moved = NUISANCE.with("bias", 2);
    assertEquals(List.of("a-ia", "bias"), moved.names());
    assertArrayEquals(new double[]{0.7, 2}, moved.toArray());
    assertEquals(1.5, NUISANCE.value("bias"), "the point itself stays");
    assertEquals(moved, Theta.of(List.of("a-ia", "bias"), 0.7, 2));
    assertEquals(moved.hashCode(), Theta.of(List.of("a-ia", "bias"), 0.7, 2).hashCode());
    assertNotEquals(moved, Theta.of(List.of("bias", "a-ia"), 2, 0.7), "another order");
  }

  @Test
  void shouldNameWhatItLacks() {
    for (Runnable ask : List.<Runnable>of(() -> NUISANCE.value("omega-m"), () -> NUISANCE.with("omega-m", 0.3),
        () -> Cosmology.of(NUISANCE))) {
      String message = assertThrows(IllegalArgumentException.class, ask::run).getMessage();
      assertTrue(message.contains("omega-m") && message.contains("a-ia"), message);
    }
    assertThrows(IllegalArgumentException.class, () -> Theta.of(List.of("h", "h"), 1, 2));
    assertThrows(IllegalArgumentException.class, () -> Theta.of(List.of("h"), 1, 2));
    assertThrows(IllegalArgumentException.class, () -> NUISANCE.and(NUISANCE));
  }

  /** Gradients follow the order of the names asked for, and parameters of other packages have a column of zeros. */
  @Test
  void shouldOrderEveryJacobianAsItsNames() throws Exception {
    Timeline timeline = new Timeline(0.1, 2, Scheme.BULLFROG, new Edges.Snapshot(5, Spacing.A));
    Theta mixed = NUISANCE.and(COSMOLOGY);
    StepCoefficients plain = StepCoefficients.compute(COSMOLOGY, timeline, 1, 0.005);
    StepCoefficients found = StepCoefficients.compute(mixed, timeline, 1, 0.005);
    double[] cotangents = new double[plain.count()];
    for (int k = 0; k < plain.count(); k++) {
      assertEquals(plain.value(k), found.value(k));
      cotangents[k] = k - 3;
    }
    double[] expected = plain.pullBack(cotangents);
    double[] gradient = found.pullBack(cotangents);
    assertEquals(10, gradient.length);
    assertArrayEquals(new double[2], Arrays.copyOf(gradient, 2));
    for (String name : COSMOLOGY.names())
      assertEquals(expected[COSMOLOGY.index(name)], gradient[mixed.index(name)], name);
    assertTrue(gradient[mixed.index("w0")] != 0);
  }

  @Test
  void shouldJoinSpacesOfSeveralOwners() {
    Parameter amplitude = new Parameter("lensing", "a-ia", -5, 5, 0, "A_\\mathrm{IA}");
    ParameterSpace space = Cosmology.SPACE.and(new ParameterSpace(List.of(amplitude), List.of()));
    Theta theta = COSMOLOGY.and(NUISANCE);
    assertTrue(space.breaches(theta).isEmpty());
    LimitException limit = assertThrows(LimitException.class, () -> space.require(theta.with("a-ia", 6)));
    assertTrue(limit.getMessage().contains("a-ia = 6.0, must be from -5.0 to 5.0")
        && limit.key().startsWith("lensing.a-ia"), limit.getMessage());
    LimitException joint = assertThrows(LimitException.class, () -> space.require(theta.with("omega-b", 0.4)));
    assertTrue(joint.bound().contains("omega-m") && joint.key().startsWith("cosmology.omega-b"), joint.getMessage());
  }
}
