package org.halocline.sampler.distribution.vector;

import java.util.ArrayList;
import java.util.List;
import org.halocline.sampler.distribution.Latent;
import org.halocline.sampler.distribution.ParameterCheck;
import org.halocline.sampler.distribution.interval.LogOdds;
import org.halocline.sampler.tape.Scalar;
import org.halocline.sampler.tape.Tape;
import org.halocline.sampler.tape.Vector;

/**
 * p(x) = Γ(Σ a)/Π Γ(aᵢ) · Π xᵢ^(aᵢ − 1) of positive numbers whose sum is one. Of n numbers n − 1 are coordinates: the
 * sticks of Stan's simplex transform (Stan Reference Manual, Constraint Transforms), each the share of what is left
 * that the next number takes. A share's prior is beta(aᵢ, Σ of later a), by its log odds; u = 0 is the mean.
 *
 * @param concentration a, at least two positive numbers
 */
public record Dirichlet(Vector concentration) implements Latent<Vector> {
  /** So far may a sum of given numbers lie from one. */
  private static final double ROUNDING = 1e-8;

  public Dirichlet {
    if (concentration.size() < 2)
      throw new IllegalArgumentException("dirichlet needs at least two concentrations, but there are "
          + concentration.size());
    for (int i = 0; i < concentration.size(); i++)
      ParameterCheck.positive("dirichlet", "concentration", concentration.get(i));
  }

  @Override
  public Class<Vector> type() {
    return Vector.class;
  }

  @Override
  public Scalar misfit(Vector value, Tape tape) {
    double sum = value.sum().value();
    for (double share : value.values())
      if (!(share > 0))
        return Scalar.constant(Double.POSITIVE_INFINITY);
    if (!(Math.abs(sum - 1) < ROUNDING))
      return Scalar.constant(Double.POSITIVE_INFINITY);
    Scalar norm = concentration.sum().logGamma();
    for (int i = 0; i < concentration.size(); i++)
      norm = norm.minus(concentration.get(i).logGamma());
    return concentration.minus(1).dot(value.log()).plus(norm).negate();
  }

  @Override
  public Vector sample(Coordinates coordinates) {
    List<Scalar> shares = new ArrayList<>();
    Scalar left = Scalar.constant(1);
    for (int i = 0; i < concentration.size() - 1; i++) {
      Scalar later = concentration.slice(i + 1, concentration.size()).sum();
      Scalar odds = coordinates.number(new LogOdds(concentration.get(i), later));
      shares.add(left.times(odds.sigmoid()));
      left = left.times(odds.negate().sigmoid());
    }
    shares.add(left);
    return Vector.of(shares);
  }
}
