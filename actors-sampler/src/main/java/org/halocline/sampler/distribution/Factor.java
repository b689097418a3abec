package org.halocline.sampler.distribution;

import org.halocline.sampler.tape.Scalar;
import org.halocline.sampler.tape.Tape;

/** A number that is added to a program's log density, for every value of its site. */
public record Factor(Scalar logDensity) implements Distribution<Scalar> {

  @Override
  public Class<Scalar> type() {
    return Scalar.class;
  }

  @Override
  public Scalar misfit(Scalar value, Tape tape) {
    return logDensity.negate();
  }
}
