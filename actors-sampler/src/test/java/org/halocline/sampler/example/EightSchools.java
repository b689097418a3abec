package org.halocline.sampler.example;

import static org.halocline.sampler.ppl.Distributions.halfCauchy;
import static org.halocline.sampler.ppl.Distributions.normal;

import org.halocline.sampler.ppl.Model;
import org.halocline.sampler.ppl.Program;
import org.halocline.sampler.tape.Vector;

/**
 * What coaching did to the scores of eight schools (Rubin 1981; Gelman et al., Bayesian Data Analysis, 5.5): each has
 * an effect of its own about a common one.
 *
 * @param effects that were measured
 * @param errors their standard deviations
 */
public record EightSchools(double[] effects, double[] errors) implements Model {

  public EightSchools() {
    this(new double[]{28, 8, -3, 7, -1, 1, 18, 12}, new double[]{15, 10, 16, 11, 9, 11, 10, 18});
  }

  @Override
  public void run(Program p) {
    var mu = p.sample("mu", normal(0, 5));
    var tau = p.sample("tau", halfCauchy(5));
    var schools = p.plate("schools", effects.length);
    var theta = schools.sample("theta", normal(mu, tau));
    p.deterministic("log_tau", tau.log());
    schools.observe("y", normal(theta, Vector.constant(errors)), effects);
  }
}
