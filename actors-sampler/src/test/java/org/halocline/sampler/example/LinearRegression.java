package org.halocline.sampler.example;

import static org.halocline.sampler.ppl.Distributions.iid;
import static org.halocline.sampler.ppl.Distributions.inverseGamma;
import static org.halocline.sampler.ppl.Distributions.normal;

import org.halocline.sampler.ppl.Model;
import org.halocline.sampler.ppl.Program;
import org.halocline.sampler.tape.Scalar;
import org.halocline.sampler.tape.Vector;

/**
 * y = X β + noise of unknown variance v, with the conjugate prior v ~ inverse-gamma(shape, scale), β ~ N(0, spread² v).
 *
 * @param x X, a row for each number of y
 */
public record LinearRegression(double[][] x, double[] y, double shape, double scale, double spread) implements Model {

  @Override
  public void run(Program p) {
    var variance = p.sample("variance", inverseGamma(shape, scale));
    var sd = variance.sqrt();
    var beta = p.sample("beta", iid(normal(Scalar.constant(0), sd.times(spread)), x[0].length));
    p.observe("y", normal(Vector.product(x, beta), sd), y);
  }
}
