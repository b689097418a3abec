package org.halocline.sampler.hmc;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.halocline.sampler.diagnostics.Mixing;
import org.halocline.sampler.diagnostics.Moments;
import org.halocline.sampler.kernel.PhasePoint;
import org.halocline.sampler.kernel.Transition;
import org.halocline.sampler.ppl.Model;
import org.halocline.sampler.support.Solo;

/**
 * Draws of a program without fields by Hamiltonian Monte Carlo, without actors.
 *
 * @param draws by the name of the scalar: chains of draws
 */
public record Sampled(Map<String, double[][]> draws, int divergences) {

  public static Sampled of(Model model, long seed, int chains, int warmUp, int count) {
    System.out.println("seed " + seed);
    Map<String, double[][]> draws = new LinkedHashMap<>();
    int divergences = 0;
    for (int number = 0; number < chains; number++) {
      Chain chain = Chain.of(model, Solo.scope(), seed, number);
      HmcPolicy policy = new HmcPolicy(new HmcSettings(warmUp, 0.9, 0.1, Math.PI / 2, 0.25, 64, true), seed, number,
          chain.point().names().size());
      IntStream.range(0, PhasePoint.ATTEMPTS).mapToObj(chain::start).flatMap(Optional::stream).findFirst()
          .orElseThrow();
      for (int draw = 0; draw < warmUp + count; draw++) {
        HmcMove move = policy.next(draw);
        Transition at = chain.run(move);
        policy.learn(move, at);
        if (draw < warmUp)
          continue;
        divergences += at.divergent() ? 1 : 0;
        List<String> names = chain.point().names();
        for (int i = 0; i < names.size(); i++)
          draws.computeIfAbsent(names.get(i), _ -> new double[chains][count])[number][draw - warmUp] = at
              .constrained()[i];
        for (Map.Entry<String, Double> derived : at.derived().entrySet())
          draws.computeIfAbsent(derived.getKey(), _ -> new double[chains][count])[number][draw - warmUp] = derived
              .getValue();
      }
    }
    return new Sampled(draws, divergences);
  }

  public double mean(String name) {
    return Moments.mean(Moments.join(draws.get(name)));
  }

  public double sd(String name) {
    return Math.sqrt(Moments.variance(Moments.join(draws.get(name))));
  }

  /** How many standard errors the mean of the draws lies from a number. */
  public double score(String name, double expected) {
    double[][] chains = draws.get(name);
    return (mean(name) - expected) / sd(name) * Math.sqrt(Mixing.bulkSize(chains));
  }

  public double rHat() {
    return draws.values().stream().mapToDouble(Mixing::rHat).max().orElseThrow();
  }
}
