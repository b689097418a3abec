package org.halocline.sampler.ppl;

import static org.halocline.sampler.ppl.Distributions.normal;
import static org.halocline.sampler.ppl.Distributions.uniform;
import static org.halocline.sampler.ppl.Distributions.whiteNoise;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.halocline.cosmology.comm.Collectives;
import org.halocline.cosmology.comm.Port;
import org.halocline.cosmology.core.CoreKernels;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.random.NoiseKey;
import org.halocline.sampler.support.Mean;
import org.halocline.sampler.support.Shift;
import org.halocline.sampler.tape.RankScope;
import org.halocline.sampler.tape.Scalar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class HandlersTest {
  private static final Mesh MESH = new Mesh(3, 4, 2, 1, 1, 1);
  private static final NoiseKey KEY = new NoiseKey(5, NoiseKey.Purpose.TEST);
  private final RankScope scope = new RankScope(CoreKernels.of(), Decomposition.even(MESH, 1, 1), 0,
      new Collectives(Port.solo(), Arena.ofAuto()));

  private static final Model MODEL = p -> {
    var mean = p.sample("mean", normal(1, 2));
    var x = p.sample("x", normal(mean, 0.5));
    p.deterministic("sum", mean.plus(x));
    p.observe("seen", normal(x, 1), 0.25);
  };

  private static double value(Trace trace, String name) {
    return ((Scalar) trace.site(name).orElseThrow().value().orElseThrow()).value();
  }

  private static double logNormal(double x, double mean, double sd) {
    return -0.5 * (x - mean) * (x - mean) / (sd * sd) - Math.log(sd * Math.sqrt(2 * Math.PI));
  }

  @Test
  void shouldTraceASeededProgram() {
    Trace trace = Handlers.trace(Handlers.seed(MODEL, KEY), scope);
    assertEquals(List.of("mean", "x", "sum", "seen"), trace.sites().stream().map(Site::name).toList());
    double mean = value(trace, "mean");
    double x = value(trace, "x");
    assertEquals(mean + x, value(trace, "sum"));
    assertEquals(logNormal(mean, 1, 2) + logNormal(x, mean, 0.5) + logNormal(0.25, x, 1), trace.logDensity(), 1e-12);
    assertEquals(mean, value(Handlers.trace(Handlers.seed(MODEL, KEY), scope), "mean"));
    assertNotEquals(mean,
        value(Handlers.trace(Handlers.seed(MODEL, new NoiseKey(6, NoiseKey.Purpose.TEST)), scope), "mean"));
  }

  @Test
  void shouldConditionAndSubstitute() {
    Model conditioned = Handlers.condition(MODEL, Map.of("x", Scalar.constant(3)));
    Trace trace = Handlers.trace(Handlers.seed(conditioned, KEY), scope);
    assertEquals(3, value(trace, "x"));
    assertTrue(trace.site("x").orElseThrow().observed());
    assertEquals(List.of("mean"), Potential.of(conditioned, scope).names());
    Trace given = Handlers
        .trace(Handlers.seed(Handlers.substitute(MODEL, Map.of("mean", Scalar.constant(-1))), KEY), scope);
    assertEquals(-1, value(given, "mean"));
    assertFalse(given.site("mean").orElseThrow().observed());
  }

  @Test
  void shouldBlockMaskAndScale() {
    double plain = Handlers.trace(Handlers.seed(MODEL, KEY), scope).logDensity();
    Trace trace = Handlers.trace(Handlers.seed(MODEL, KEY), scope);
    double seen = logNormal(0.25, value(trace, "x"), 1);
    Model hidden = Handlers.block(Handlers.seed(MODEL, KEY), site -> site.name().equals("seen"));
    assertEquals(Optional.empty(), Handlers.trace(hidden, scope).site("seen"));
    Model masked = Handlers.mask(Handlers.seed(MODEL, KEY), site -> site.name().equals("seen"));
    assertEquals(plain - seen, Handlers.trace(masked, scope).logDensity(), 1e-12);
    assertEquals(3 * plain, Handlers.trace(Handlers.scale(Handlers.seed(MODEL, KEY), 3), scope).logDensity(), 1e-11);
    assertThrows(IllegalArgumentException.class, () -> Handlers.scale(MODEL, 0));
  }

  @Test
  void shouldRefuseWhatCannotBeSampled() {
    assertThrows(IllegalStateException.class, () -> Handlers.trace(MODEL, scope));
    assertThrows(IllegalArgumentException.class, () -> Potential.of(p -> p.observe("x", normal(0, 1), 1), scope));
    assertThrows(IllegalArgumentException.class, () -> Potential.of(p -> {
      p.sample("a", normal(0, 1));
      p.sample("a", normal(0, 1));
    }, scope));
    assertThrows(IllegalArgumentException.class,
        () -> Potential.of(Handlers.scale(p -> p.sample("z", whiteNoise(MESH)), 2), scope));
  }

  /** Every kind of operation on one tape, against differences. */
  @Test
  void shouldDifferentiateAWholeProgram() {
    Shift shift = new Shift(scope, 0.5, 100);
    Mean mean = new Mean(scope);
    Field.Floats data = scope.kernels().memory().floats(MESH.size());
    Model model = p -> {
      var a = p.sample("a", uniform(0.5, 2));
      var b = p.sample("b", normal(a.log(), a.sqrt()));
      var z = p.sample("z", whiteNoise(MESH));
      var c = a.times(b).plus(b.exp()).dividedBy(a.pow(1.5)).minus(b.square().negate().times(0.1))
          .pow(Scalar.constant(2));
      p.observe("map", normal(p.apply(mean, c, z).gathered(0), 3), new double[]{1, 2, 3});
      p.observe("field", normal(p.apply(shift, b, z).sharded(0), 2), data);
    };
    Potential potential = Potential.of(model, scope);
    assertEquals(List.of("a", "b"), potential.names());
    Field.Floats z = scope.kernels().memory().floats(MESH.size());
    Field.Floats gradient = scope.kernels().memory().floats(MESH.size());
    scope.kernels().vectors().normal(z, scope.decomposition(), 0, KEY);
    double[] u = {0.3, -0.4};
    Evaluation at = potential.evaluate(u, List.of(z), List.of(gradient));
    float[] analytic = new float[(int) MESH.size()];
    scope.kernels().memory().read(gradient, 0, analytic, 0, analytic.length);
    double h = 1e-4;
    double[] differences = new double[2];
    for (int i = 0; i < 2; i++) {
      double[] up = u.clone();
      double[] down = u.clone();
      up[i] += h;
      down[i] -= h;
      differences[i] = (potential.evaluate(up, List.of(z), List.of(gradient)).potential()
          - potential.evaluate(down, List.of(z), List.of(gradient)).potential()) / (2 * h);
    }
    assertArrayEquals(at.gradient(), differences, 2e-3);
    for (int cell : new int[]{0, 7, 23}) {
      float[] one = new float[1];
      scope.kernels().memory().read(z, cell, one, 0, 1);
      double[] side = new double[2];
      for (int s = 0; s < 2; s++) {
        scope.kernels().memory().write(new float[]{one[0] + (s == 0 ? 0.125f : -0.125f)}, 0, z, cell, 1);
        side[s] = potential.evaluate(u, List.of(z), List.of(gradient)).potential();
      }
      scope.kernels().memory().write(one, 0, z, cell, 1);
      assertEquals((side[0] - side[1]) / 0.25, analytic[cell], 2e-4);
    }
  }
}
