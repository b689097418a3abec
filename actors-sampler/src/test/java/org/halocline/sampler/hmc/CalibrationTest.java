package org.halocline.sampler.hmc;

import static org.halocline.sampler.ppl.Distributions.logNormal;
import static org.halocline.sampler.ppl.Distributions.normal;
import static org.halocline.sampler.ppl.Distributions.truncatedNormal;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Random;
import org.halocline.cosmology.comm.Collectives;
import org.halocline.cosmology.comm.Port;
import org.halocline.cosmology.core.CoreKernels;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.sampler.distribution.RandomNumbers;
import org.halocline.sampler.kernel.Transition;
import org.halocline.sampler.ppl.Model;
import org.halocline.sampler.tape.RankScope;
import org.halocline.sampler.tape.Scalar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Simulation-based calibration (Talts et al. 2018): ranks of the truth among posterior draws are uniform. */
@Timeout(300)
class CalibrationTest {
  private static final long SEED = 23;
  private static final int WORLDS = 200;
  private static final int BINS = 8;
  private static final int WARM_UP = 150;

  @Test
  void shouldRankTheTruthUniformly() {
    System.out.println("seed " + SEED);
    RankScope scope = new RankScope(CoreKernels.of(), Decomposition.even(new Mesh(2, 2, 2, 1, 1, 1), 1, 1), 0,
        new Collectives(Port.solo(), Arena.ofAuto()));
    Random random = new Random(SEED);
    int[][] histogram = new int[2][BINS];
    for (int world = 0; world < WORLDS; world++) {
      double[] truth = truth(world);
      double seen = truth[0] + truth[1] * random.nextGaussian();
      double again = truth[0] + truth[1] * random.nextGaussian();
      int[] ranks = ranks(scope, truth, seen, again, world);
      for (int i = 0; i < 2; i++)
        histogram[i][ranks[i]]++;
    }
    for (int[] counts : histogram) {
      double expected = (double) WORLDS / BINS;
      double chi = Arrays.stream(counts).mapToDouble(n -> (n - expected) * (n - expected) / expected).sum();
      assertTrue(chi < 24.3, "χ² of 7 = " + chi + ": " + Arrays.toString(counts)); // 0.1%
    }
  }

  private static double[] truth(int world) {
    var numbers = new RandomNumbers(
        new org.halocline.cosmology.random.NoiseKey(SEED, org.halocline.cosmology.random.NoiseKey.Purpose.TEST),
        64L * world);
    var mean = truncatedNormal(0.5, 1, -1, 2);
    var sd = logNormal(-0.5, 0.4);
    return new double[]{mean.constrain(Scalar.constant(mean.drawUnconstrained(numbers))).value(),
        sd.constrain(Scalar.constant(sd.drawUnconstrained(numbers))).value()};
  }

  private static int[] ranks(RankScope scope, double[] truth, double seen, double again, int world) {
    Model model = p -> {
      var mean = p.sample("mean", truncatedNormal(0.5, 1, -1, 2));
      var sd = p.sample("sd", logNormal(-0.5, 0.4));
      p.observe("seen", normal(mean, sd), seen);
      p.observe("again", normal(mean, sd), again);
    };
    Chain state = Chain.of(model, scope, SEED, world);
    HmcPolicy policy = new HmcPolicy(new HmcSettings(WARM_UP, 0.8, 0.1, 1.57, 0.25, 32, true), SEED, world,
        2);
    state.start(0).orElseThrow();
    int thin = 6;
    int kept = BINS - 1;
    int[] ranks = new int[2];
    for (int draw = 0; draw < WARM_UP + kept * thin;) {
      HmcMove plan = policy.next(draw);
      Transition transition = state.run(plan);
      policy.learn(plan, transition);
      if (draw >= WARM_UP && (draw - WARM_UP) % thin == thin - 1)
        for (int i = 0; i < 2; i++)
          ranks[i] += transition.constrained()[i] < truth[i] ? 1 : 0;
      draw++;
    }
    return ranks;
  }
}
