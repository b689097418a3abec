package org.halocline.sampler.example;

import static org.halocline.sampler.ppl.Distributions.iid;
import static org.halocline.sampler.ppl.Distributions.logNormal;
import static org.halocline.sampler.ppl.Distributions.normal;
import static org.halocline.sampler.ppl.Distributions.truncatedNormal;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.halocline.sampler.ode.OdeSolver;
import org.halocline.sampler.ode.Rates;
import org.halocline.sampler.ode.RungeKutta;
import org.halocline.sampler.ppl.Model;
import org.halocline.sampler.ppl.Program;
import org.halocline.sampler.tape.Vector;

/**
 * Hares and lynxes: du/dt = (α − β v) u, dv/dt = (δ u − γ) v. Pelts of the Hudson's Bay Company of 1900 to 1920, in
 * thousands; priors as in Carpenter's case study of Stan (2018), but cut to twice their mean.
 */
public final class LotkaVolterra implements Model {
  public static final double[] HARES = {30, 47.2, 70.2, 77.4, 36.3, 20.6, 18.1, 21.4, 22, 25.4, 27.1, 40.3, 57, 76.6,
      52.3, 19.5, 11.2, 7.6, 14.6, 16.2, 24.7};
  public static final double[] LYNXES = {4, 6.1, 9.8, 35.2, 59.4, 41.7, 19, 13, 8.3, 9.1, 7.4, 8, 12.3, 19.5, 45.7,
      51.1,
      29.7, 15.8, 9.7, 10.1, 8.6};
  /** Of α, β, γ, δ. */
  public static final Rates RATES = Rates.of((_, y, p) -> {
    var hares = y.get(0);
    var lynxes = y.get(1);
    return Vector.of(p.get(0).minus(p.get(1).times(lynxes)).times(hares),
        p.get(3).times(hares).minus(p.get(2)).times(lynxes));
  });

  private final OdeSolver solver = new OdeSolver(RATES, RungeKutta.DORMAND_PRINCE, 0,
      IntStream.range(0, HARES.length).asDoubleStream().toArray(), 0.25);

  @Override
  public void run(Program p) {
    var rates = Vector.of(p.sample("alpha", truncatedNormal(1, 0.5, 0, 2)),
        p.sample("beta", truncatedNormal(0.05, 0.05, 0, 0.1)), p.sample("gamma", truncatedNormal(1, 0.5, 0, 2)),
        p.sample("delta", truncatedNormal(0.05, 0.05, 0, 0.1)));
    var start = p.sample("start", iid(logNormal(Math.log(10), 1), 2));
    var sigma = p.sample("sigma", iid(logNormal(-1, 1), 2));
    var seen = solver.solve(start, rates);
    p.observe("hares", normal(seen.state(0).log(), sigma.get(0)), logs(HARES));
    p.observe("lynxes", normal(seen.state(1).log(), sigma.get(1)), logs(LYNXES));
  }

  private static double[] logs(double[] numbers) {
    return Arrays.stream(numbers).map(StrictMath::log).toArray();
  }
}
