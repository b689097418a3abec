package org.halocline.sampler.hmc;

import static org.halocline.sampler.ppl.Distributions.normal;
import static org.halocline.sampler.ppl.Distributions.whiteNoise;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.mesh.Block;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.mesh.Split;
import org.halocline.cosmology.random.NoiseKey;
import org.halocline.sampler.diagnostics.Mixing;
import org.halocline.sampler.diagnostics.Moments;
import org.halocline.sampler.kernel.PhasePoint;
import org.halocline.sampler.kernel.Transition;
import org.halocline.sampler.ppl.Model;
import org.halocline.sampler.support.MemoryDomain;
import org.halocline.sampler.support.Shift;
import org.halocline.sampler.tape.RankScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** data = a z + θ + σ ε with known posterior: θ is normal, and so is every z. */
@Timeout(300)
class ConjugateTest {
  private static final Mesh MESH = new Mesh(4, 6, 4, 10, 10, 10);
  private static final Decomposition WHOLE = Decomposition.even(MESH, 1, 1);
  private static final double A = 1.5;
  private static final double SIGMA = 0.5;
  private static final double PRIOR_SD = 2;
  private static final long SEED = 17;

  private static Field.Floats data(RankScope scope) {
    Field.Floats data = scope.kernels().memory().floats(scope.block().size());
    scope.kernels().vectors().normal(data, scope.decomposition(), scope.rank(),
        new NoiseKey(SEED, NoiseKey.Purpose.TRUTH));
    scope.kernels().vectors().scale((float) A, data);
    Field.Floats shift = scope.kernels().memory().floats(scope.block().size());
    scope.kernels().vectors().fill(shift, 0.7f);
    scope.kernels().vectors().add(1, shift, data);
    return data;
  }

  private static Model model(RankScope scope, double bound) {
    Shift shift = new Shift(scope, A, bound);
    Field.Floats data = data(scope);
    return p -> {
      var theta = p.sample("theta", normal(1.0, PRIOR_SD));
      var z = p.sample("z", whiteNoise(MESH));
      var field = p.deterministic("field", p.apply(shift, theta, z).sharded(0));
      p.deterministic("double", theta.times(2));
      p.observe("data", normal(field, SIGMA), data);
    };
  }

  private static Chain hamiltonian(RankScope scope, long seed, int chain) {
    return Chain.of(model(scope, Double.POSITIVE_INFINITY), scope, seed, chain);
  }

  private static HmcMove plan(int draw, double step, int steps) {
    return new HmcMove(draw, step, steps, new double[]{0.01}, false);
  }

  private record Sampled(double[] theta, double[] firstCell, double[] energies, int divergences) {}

  private static Sampled sample(RankScope scope, int chain, int warmUp, int draws) {
    Chain state = hamiltonian(scope, SEED, chain);
    HmcPolicy policy = new HmcPolicy(
        new HmcSettings(warmUp, 0.8, 0.1, Math.PI / 2, 0.25, 64, true), SEED, chain, 1);
    double[] theta = new double[draws];
    double[] cell = new double[draws];
    double[] energies = new double[draws];
    int divergences = 0;
    state.start(0).orElseThrow();
    for (int draw = 0; draw < warmUp + draws;) {
      HmcMove plan = policy.next(draw);
      Transition transition = state.run(plan);
      policy.learn(plan, transition);
      if (draw >= warmUp) {
        theta[draw - warmUp] = transition.constrained()[0];
        float[] z = new float[1];
        scope.kernels().memory().read(state.field(), 0, z, 0, 1);
        cell[draw - warmUp] = z[0];
        energies[draw - warmUp] = transition.energy();
        divergences += transition.divergent() ? 1 : 0;
      }
      draw++;
    }
    return new Sampled(theta, cell, energies, divergences);
  }

  @Test
  void shouldFindAConjugatePosterior() throws Exception {
    System.out.println("seed " + SEED);
    int draws = 1500;
    List<Sampled> chains = new ArrayList<>();
    for (int chain = 0; chain < 2; chain++) {
      int number = chain;
      chains.add(MemoryDomain.alone(WHOLE, scope -> sample(scope, number, 200, draws)));
    }
    double[] data = MemoryDomain.alone(WHOLE, scope -> {
      float[] values = new float[(int) MESH.size()];
      scope.kernels().memory().read(data(scope), 0, values, 0, values.length);
      double[] wide = new double[values.length];
      for (int i = 0; i < wide.length; i++)
        wide[i] = values[i];
      return wide;
    });
    double n = MESH.size();
    double variance = A * A + SIGMA * SIGMA;
    double precision = 1 / (PRIOR_SD * PRIOR_SD) + n / variance;
    double mean = (1.0 / (PRIOR_SD * PRIOR_SD) + n * Moments.mean(data) / variance) / precision;
    double sd = Math.sqrt(1 / precision);
    double[][] theta = {chains.get(0).theta, chains.get(1).theta};
    double size = Mixing.bulkSize(theta);
    System.out.println("effective size " + size + " of " + 2 * draws);
    assertTrue(size > 300, "effective size " + size);
    assertEquals(1, Mixing.rHat(theta), 0.02);
    double[] all = Moments.join(theta);
    assertEquals(mean, Moments.mean(all), 4 * sd / Math.sqrt(size));
    assertEquals(1, Math.sqrt(Moments.variance(all)) / sd, 4 / Math.sqrt(2 * size));
    assertEquals(0, chains.get(0).divergences);
    double[][] cells = {chains.get(0).firstCell, chains.get(1).firstCell};
    double gain = A / variance;
    double zMean = gain * (data[0] - mean);
    double zVariance = SIGMA * SIGMA / variance + gain * gain / precision;
    double zSize = Mixing.bulkSize(cells);
    assertEquals(zMean, Moments.mean(Moments.join(cells)), 4 * Math.sqrt(zVariance / zSize));
    assertEquals(1, Moments.variance(Moments.join(cells)) / zVariance, 4 * Math.sqrt(2 / zSize));
    assertEquals(-gain / precision, covariance(all, Moments.join(cells)), 5 * sd * Math.sqrt(zVariance / size));
  }

  private static double covariance(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++)
      sum += (a[i] - Moments.mean(a)) * (b[i] - Moments.mean(b));
    return sum / (a.length - 1);
  }

  @Test
  void shouldErrAsTheSquareOfTheStep() throws Exception {
    double[] errors = MemoryDomain.alone(WHOLE, scope -> {
      double[] found = new double[3];
      for (int i = 0; i < 3; i++) {
        Chain state = hamiltonian(scope, SEED, 0);
        state.start(0).orElseThrow();
        found[i] = Math.abs(state.run(plan(3, 0.02 / (1 << i), 20 << i)).energyError());
      }
      return found;
    });
    assertEquals(4, errors[0] / errors[1], 0.4);
    assertEquals(4, errors[1] / errors[2], 0.5);
  }

  @Test
  void shouldGiveTheSameBitsTwiceAndOnEveryLayout() throws Exception {
    Decomposition[] layouts = {WHOLE, Decomposition.even(MESH, 2, 2),
        new Decomposition(MESH, Split.of(1, 3), Split.of(4, 1, 1))};
    double[] first = trail(WHOLE).getFirst();
    for (Decomposition layout : layouts)
      for (double[] other : trail(layout))
        assertArrayEquals(first, other, 0.0, layout.toString());
  }

  private static List<double[]> trail(Decomposition layout) throws Exception {
    return MemoryDomain.run(layout, scope -> {
      Chain state = hamiltonian(scope, SEED, 5);
      List<Double> numbers = new ArrayList<>();
      numbers.add(state.start(0).orElseThrow().logDensity());
      for (int draw = 0; draw < 20; draw++) {
        Transition t = state.run(plan(draw, draw % 2 == 0 ? 0.3 : 1.1, 6));
        numbers.addAll(List.of(t.energy(), t.energyError(), t.acceptance(), t.logDensity(), t.constrained()[0],
            t.derived().get("double")));
      }
      return numbers.stream().mapToDouble(x -> x).toArray();
    });
  }

  @Test
  void shouldGoOnFromARestoredStateBitForBit() throws Exception {
    boolean same = MemoryDomain.alone(WHOLE, scope -> {
      Chain whole = hamiltonian(scope, SEED, 1);
      whole.start(0).orElseThrow();
      for (int draw = 0; draw < 5; draw++)
        whole.run(plan(draw, 0.2, 5));
      Chain resumed = hamiltonian(scope, SEED, 1);
      scope.kernels().vectors().copy(whole.field(), resumed.field());
      resumed.point().restore(whole.point().unconstrained());
      for (int draw = 5; draw < 12; draw++) {
        Transition a = whole.run(plan(draw, 0.2, 5));
        Transition b = resumed.run(plan(draw, 0.2, 5));
        if (a.energy() != b.energy() || a.accepted() != b.accepted() || a.logDensity() != b.logDensity())
          return false;
      }
      return true;
    });
    assertTrue(same);
  }

  @Test
  void shouldCountABrokenLimitAsADivergenceAndStay() throws Exception {
    MemoryDomain.run(Decomposition.even(MESH, 2, 1), scope -> {
      Chain state = Chain.of(model(scope, 1.5), scope, SEED, 0);
      Transition start = IntStream.range(0, PhasePoint.ATTEMPTS).mapToObj(state::start)
          .flatMap(Optional::stream).findFirst().orElseThrow();
      assertTrue(Math.abs(start.constrained()[0]) <= 1.5);
      Transition broken = state.run(new HmcMove(0, 0.5, 10, new double[]{1e6}, false));
      assertTrue(broken.divergent());
      assertFalse(broken.accepted());
      assertEquals(0, broken.acceptance());
      assertArrayEquals(start.unconstrained(), broken.unconstrained());
      assertEquals(start.logDensity(), broken.logDensity());
      return 0;
    });
  }

  @Test
  void shouldSayWhyADrawIsNoStart() throws Exception {
    String why = MemoryDomain.alone(WHOLE, scope -> {
      Model model = p -> {
        var theta = p.sample("theta", normal(0.0, 1.0));
        p.observe("impossible", normal(theta, 1), theta.isConstant() ? 0 : Double.NaN);
      };
      Chain state = Chain.of(model, scope, SEED, 0);
      assertEquals(Optional.empty(), state.start(0));
      return state.point().here().outside().orElseThrow();
    });
    assertTrue(why.contains("is not finite"), why);
  }

  /** Without a likelihood the prior of z is solved exactly for any step size: no proposal is ever rejected. */
  @Test
  void shouldSampleThePriorOfTheFieldExactly() throws Exception {
    double[] moments = MemoryDomain.alone(WHOLE, scope -> {
      Model model = p -> p.sample("z", whiteNoise(MESH));
      Chain state = Chain.of(model, scope, SEED, 0);
      state.start(0).orElseThrow();
      double sum = 0;
      double squares = 0;
      Block block = scope.block();
      float[] z = new float[block.size()];
      for (int draw = 0; draw < 300; draw++) {
        Transition t = state.run(new HmcMove(draw, 1.1, 1, new double[0], false));
        assertTrue(Math.abs(t.energyError()) < 1e-4, "energy error " + t.energyError());
        assertEquals(Optional.empty(), t.divergence());
        scope.kernels().memory().read(state.field(), 0, z, 0, z.length);
        for (float value : z) {
          sum += value;
          squares += (double) value * value;
        }
      }
      double n = 300.0 * z.length;
      return new double[]{sum / n, squares / n};
    });
    assertEquals(0, moments[0], 0.02);
    assertEquals(1, moments[1], 0.03);
  }
}
