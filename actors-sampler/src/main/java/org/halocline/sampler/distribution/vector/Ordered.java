package org.halocline.sampler.distribution.vector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.commons.math3.special.Gamma;
import org.halocline.sampler.distribution.Latent;
import org.halocline.sampler.distribution.RandomNumbers;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.tape.Scalar;
import org.halocline.sampler.tape.Tape;
import org.halocline.sampler.tape.Vector;

/**
 * Independent numbers of one distribution in increasing order: p(x) = n! Π p(xᵢ) where x₁ < … < xₙ. Stan's ordered
 * transform (Stan Reference Manual, Constraint Transforms) on the real line of the numbers' own map: w₁ = u₁ and wᵢ =
 * wᵢ₋₁ + exp(uᵢ), here moved and stretched so that u = 0 spreads the w evenly between −2 and 2.
 *
 * @param base of each number
 * @param size n, at least one
 */
public record Ordered(ScalarDistribution base, int size) implements Latent<Vector> {

  public Ordered {
    if (size < 1)
      throw new IllegalArgumentException("ordered needs at least one number, but its size is " + size);
  }

  @Override
  public Class<Vector> type() {
    return Vector.class;
  }

  @Override
  public Scalar misfit(Vector value, Tape tape) {
    if (value.size() != size)
      throw new IllegalArgumentException("a vector of " + value.size() + " numbers where " + size + " are distributed");
    Scalar sum = Scalar.constant(-logWays());
    for (int i = 0; i < size; i++) {
      if (i > 0 && !(value.values()[i] > value.values()[i - 1]))
        return Scalar.constant(Double.POSITIVE_INFINITY);
      sum = sum.plus(base.misfit(value.get(i), tape));
    }
    return sum;
  }

  private double logWays() {
    return Gamma.logGamma(size + 1);
  }

  @Override
  public Vector sample(Coordinates coordinates) {
    double step = 4.0 / size;
    List<Scalar> made = new ArrayList<>();
    Scalar w = coordinates.number(new First(base, -0.5 * step * (size - 1), logWays()));
    made.add(base.constrain(w));
    for (int i = 1; i < size; i++) {
      w = coordinates.number(new Next(base, w, step));
      made.add(base.constrain(w));
    }
    return Vector.of(made);
  }

  /** Numbers of the distribution, sorted. */
  @Override
  public Vector draw(Coordinates coordinates) {
    double[] numbers = new double[size];
    Arrays.setAll(numbers, _ -> coordinates.number(base).value());
    Arrays.sort(numbers);
    return Vector.constant(numbers);
  }

  /** A point of the base's real line, whose density with those of the points before makes up the whole. */
  private interface Point extends ScalarDistribution {
    ScalarDistribution base();

    @Override
    default Scalar logDensity(Scalar w) {
      return base().logDensityUnconstrained(w);
    }

    @Override
    default String text() {
      return "a point in the order of " + base().text();
    }

    @Override
    default Optional<double[]> bounds() {
      return Optional.empty();
    }

    @Override
    default double[] ends() {
      return new double[]{Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY};
    }
  }

  private record First(ScalarDistribution base, double start, double logWays) implements Point {

    @Override
    public Scalar constrain(Scalar u) {
      return u.plus(start);
    }

    @Override
    public double unconstrain(double w) {
      return w - start;
    }

    @Override
    public Scalar logDensityUnconstrained(Scalar u) {
      return logDensity(constrain(u)).plus(logWays);
    }

    @Override
    public double drawUnconstrained(RandomNumbers numbers) {
      return numbers.normal();
    }
  }

  private record Next(ScalarDistribution base, Scalar before, double step) implements Point {

    @Override
    public Scalar constrain(Scalar u) {
      return before.plus(u.exp().times(step));
    }

    @Override
    public double unconstrain(double w) {
      return StrictMath.log((w - before.value()) / step);
    }

    @Override
    public Scalar logDensityUnconstrained(Scalar u) {
      return logDensity(constrain(u)).plus(u).plus(StrictMath.log(step));
    }

    @Override
    public double drawUnconstrained(RandomNumbers numbers) {
      return StrictMath.log(-StrictMath.log(numbers.open()));
    }
  }
}
