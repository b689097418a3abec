package org.halocline.sampler.tape;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleConsumer;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;

/**
 * A few replicated numbers with their place on a tape; every rank holds the same bits. Places count from 0. Functions
 * are pointwise unless they say otherwise, all of them StrictMath's, and sums are taken in order. Two vectors that meet
 * must be of one length. Used by the chain's own thread only.
 */
public final class Vector implements Value {
  private final Tape tape;
  private final double[] values;
  private final double[] cotangent;

  /** The transpose of a function's derivative. */
  @FunctionalInterface
  public interface Adjoint {

    /**
     * @param ofResult the cotangent of the result, not to be changed
     * @param toInputs the cotangents of the inputs, each to be added to
     */
    void add(double[] ofResult, double[][] toInputs);
  }

  Vector(Tape tape, double[] values) {
    this.tape = tape;
    this.values = values;
    this.cotangent = tape == Tape.NONE ? new double[0] : new double[values.length];
  }

  /** Numbers without derivatives. */
  public static Vector constant(double... values) {
    return new Vector(Tape.NONE, values.clone());
  }

  public static Vector of(Scalar... parts) {
    return of(List.of(parts));
  }

  public static Vector of(List<Scalar> parts) {
    Scalar[] all = parts.toArray(Scalar[]::new);
    double[] numbers = new double[all.length];
    Arrays.setAll(numbers, i -> all[i].value());
    Vector made = new Vector(Tape.common(Arrays.stream(all).map(Scalar::tape)), numbers);
    made.tape.record(() -> {
      for (int i = 0; i < all.length; i++)
        all[i].add(made.cotangent[i]);
    });
    return made;
  }

  /** The vectors one after the other. */
  public static Vector concat(Vector... parts) {
    return function(Arrays.stream(parts).flatMapToDouble(part -> Arrays.stream(part.values)).toArray(), List.of(parts),
        (ofResult, toInputs) -> {
          int at = 0;
          for (int i = 0; i < parts.length; i++)
            for (int j = 0; j < parts[i].size(); j++)
              toInputs[i][j] += ofResult[at++];
        });
  }

  /**
   * A function of vectors, given its result and its adjoint.
   *
   * @param result taken over
   */
  public static Vector function(double[] result, List<Vector> inputs, Adjoint adjoint) {
    Vector made = new Vector(Tape.common(inputs.stream().map(input -> input.tape)), result);
    // Constants have no room for a cotangent, so an adjoint writes theirs into room that is thrown away.
    made.tape.record(() -> adjoint.add(made.cotangent, inputs.stream()
        .map(input -> input.isConstant() ? new double[input.size()] : input.cotangent).toArray(double[][]::new)));
    return made;
  }

  public int size() {
    return values.length;
  }

  /** The numbers; not to be changed. */
  public double[] values() {
    return values;
  }

  /** Whether nothing on a tape depends on it. */
  public boolean isConstant() {
    return tape == Tape.NONE;
  }

  /**
   * The derivatives of the root by the numbers, after {@link Tape#reverse}; not to be changed. Length 0 of constants.
   */
  public double[] cotangent() {
    return cotangent;
  }

  /** @throws IndexOutOfBoundsException if the vector is shorter */
  public Scalar get(int at) {
    if (at < 0 || at >= size())
      throw new IndexOutOfBoundsException("place " + at + " of a vector of " + size() + "; places count from 0");
    return scalar(values[at], cotangentOfPart -> cotangent[at] += cotangentOfPart);
  }

  /** The numbers from one place up to another one, which is left out. */
  public Vector slice(int from, int to) {
    if (from < 0 || to > size() || from > to)
      throw new IndexOutOfBoundsException("places " + from + " to " + to + " of a vector of " + size());
    return function(Arrays.copyOfRange(values, from, to), List.of(this), (ofResult, toInputs) -> {
      for (int i = from; i < to; i++)
        toInputs[0][i] += ofResult[i - from];
    });
  }

  public Vector plus(Vector other) {
    return binary(other, (x, y) -> x + y, (_, _) -> 1, (_, _) -> 1);
  }

  public Vector plus(Scalar other) {
    return binary(other, (x, y) -> x + y, (_, _) -> 1, (_, _) -> 1);
  }

  public Vector plus(double other) {
    return unary(x -> x + other, _ -> 1);
  }

  public Vector minus(Vector other) {
    return binary(other, (x, y) -> x - y, (_, _) -> 1, (_, _) -> -1);
  }

  public Vector minus(Scalar other) {
    return binary(other, (x, y) -> x - y, (_, _) -> 1, (_, _) -> -1);
  }

  public Vector minus(double other) {
    return unary(x -> x - other, _ -> 1);
  }

  public Vector times(Vector other) {
    return binary(other, (x, y) -> x * y, (_, y) -> y, (x, _) -> x);
  }

  public Vector times(Scalar other) {
    return binary(other, (x, y) -> x * y, (_, y) -> y, (x, _) -> x);
  }

  public Vector times(double other) {
    return unary(x -> x * other, _ -> other);
  }

  public Vector dividedBy(Vector other) {
    return binary(other, (x, y) -> x / y, (_, y) -> 1 / y, (x, y) -> -x / y / y);
  }

  public Vector dividedBy(Scalar other) {
    return binary(other, (x, y) -> x / y, (_, y) -> 1 / y, (x, y) -> -x / y / y);
  }

  public Vector dividedBy(double other) {
    return unary(x -> x / other, _ -> 1 / other);
  }

  public Vector negate() {
    return unary(x -> -x, _ -> -1);
  }

  public Vector square() {
    return unary(x -> x * x, x -> 2 * x);
  }

  public Vector sqrt() {
    return unary(Math::sqrt, x -> 0.5 / Math.sqrt(x));
  }

  public Vector exp() {
    return unary(StrictMath::exp, StrictMath::exp);
  }

  public Vector log() {
    return unary(StrictMath::log, x -> 1 / x);
  }

  /** log(1 + x). */
  public Vector log1p() {
    return unary(StrictMath::log1p, x -> 1 / (1 + x));
  }

  public Vector pow(double exponent) {
    return unary(x -> StrictMath.pow(x, exponent), x -> Scalar.powerSlope(x, exponent));
  }

  public Vector pow(Scalar exponent) {
    return binary(exponent, StrictMath::pow, Scalar::powerSlope, Scalar::exponentSlope);
  }

  public Vector pow(Vector exponent) {
    return binary(exponent, StrictMath::pow, Scalar::powerSlope, Scalar::exponentSlope);
  }

  public Vector tanh() {
    return unary(StrictMath::tanh, Scalar::tanhSlope);
  }

  /** 1/(1 + e^−x), without overflow. */
  public Vector sigmoid() {
    return unary(Scalar::sigmoid, x -> Scalar.sigmoid(x) * Scalar.sigmoid(-x));
  }

  /** |x|; its derivative at 0 is taken as 0. */
  public Vector abs() {
    return unary(Math::abs, Math::signum);
  }

  /** The larger of two; of equals the derivative goes to this one. */
  public Vector max(Vector other) {
    return binary(other, Math::max, (x, y) -> x >= y ? 1 : 0, (x, y) -> x >= y ? 0 : 1);
  }

  public Vector max(Scalar other) {
    return binary(other, Math::max, (x, y) -> x >= y ? 1 : 0, (x, y) -> x >= y ? 0 : 1);
  }

  public Vector max(double other) {
    return unary(x -> Math.max(x, other), x -> x >= other ? 1 : 0);
  }

  /** The largest of the numbers; of equals the derivative goes to the first one. */
  public Scalar largest() {
    if (size() == 0)
      throw new IllegalArgumentException("a vector of no numbers has no largest one");
    int found = 0;
    for (int i = 1; i < size(); i++)
      if (values[i] > values[found])
        found = i;
    return get(found);
  }

  /** The numbers' sum, taken in order. */
  public Scalar sum() {
    double total = 0;
    for (double value : values)
      total += value;
    return scalar(total, ofSum -> {
      for (int i = 0; i < cotangent.length; i++)
        cotangent[i] += ofSum;
    });
  }

  /** Σ xᵢ yᵢ, summed in order. */
  public Scalar dot(Vector other) {
    return times(other).sum();
  }

  /** log Σ exp xᵢ, without overflow. */
  public Scalar logSumExp() {
    double top = largest().value();
    if (Double.isInfinite(top))
      return largest();
    double total = 0;
    for (double value : values)
      total += StrictMath.exp(value - top);
    double log = top + StrictMath.log(total);
    return scalar(log, ofLog -> {
      for (int i = 0; i < cotangent.length; i++)
        cotangent[i] += ofLog * StrictMath.exp(values[i] - log);
    });
  }

  /** Each number with all those before it added. */
  public Vector cumulativeSum() {
    double[] sums = values.clone();
    for (int i = 1; i < sums.length; i++)
      sums[i] += sums[i - 1];
    return function(sums, List.of(this), (ofResult, toInputs) -> {
      double later = 0;
      for (int i = sums.length - 1; i >= 0; i--) {
        later += ofResult[i];
        toInputs[0][i] += later;
      }
    });
  }

  /**
   * A x.
   *
   * @param matrix constant, row by row; every row as long as the vector; not to be changed afterwards
   */
  public static Vector product(double[][] matrix, Vector x) {
    double[] made = new double[matrix.length];
    for (int row = 0; row < made.length; row++) {
      if (matrix[row].length != x.size())
        throw new IllegalArgumentException("row " + row + " of the matrix has " + matrix[row].length
            + " numbers, but the vector has " + x.size());
      for (int column = 0; column < x.size(); column++)
        made[row] += matrix[row][column] * x.values[column];
    }
    return function(made, List.of(x), (ofResult, toInputs) -> {
      for (int row = 0; row < ofResult.length; row++)
        for (int column = 0; column < toInputs[0].length; column++)
          toInputs[0][column] += matrix[row][column] * ofResult[row];
    });
  }

  private Vector unary(DoubleUnaryOperator function, DoubleUnaryOperator slope) {
    double[] made = new double[size()];
    for (int i = 0; i < made.length; i++)
      made[i] = function.applyAsDouble(values[i]);
    return function(made, List.of(this), (ofResult, toInputs) -> {
      for (int i = 0; i < ofResult.length; i++)
        toInputs[0][i] += ofResult[i] * slope.applyAsDouble(values[i]);
    });
  }

  private Vector binary(Vector other, DoubleBinaryOperator function, DoubleBinaryOperator byThis,
      DoubleBinaryOperator byOther) {
    if (other.size() != size())
      throw new IllegalArgumentException("a vector of " + size() + " numbers meets one of " + other.size()
          + "; vectors that meet pointwise must be of one length");
    double[] made = new double[size()];
    for (int i = 0; i < made.length; i++)
      made[i] = function.applyAsDouble(values[i], other.values[i]);
    return function(made, List.of(this, other), (ofResult, toInputs) -> {
      for (int i = 0; i < ofResult.length; i++) {
        toInputs[0][i] += ofResult[i] * byThis.applyAsDouble(values[i], other.values[i]);
        toInputs[1][i] += ofResult[i] * byOther.applyAsDouble(values[i], other.values[i]);
      }
    });
  }

  private Vector binary(Scalar other, DoubleBinaryOperator function, DoubleBinaryOperator byThis,
      DoubleBinaryOperator byOther) {
    double y = other.value();
    double[] made = new double[size()];
    for (int i = 0; i < made.length; i++)
      made[i] = function.applyAsDouble(values[i], y);
    Vector result = new Vector(Tape.common(Stream.of(tape, other.tape())), made);
    result.tape.record(() -> {
      for (int i = 0; i < made.length; i++) {
        if (!isConstant())
          cotangent[i] += result.cotangent[i] * byThis.applyAsDouble(values[i], y);
        other.add(result.cotangent[i] * byOther.applyAsDouble(values[i], y));
      }
    });
    return result;
  }

  private Scalar scalar(double value, DoubleConsumer adjoint) {
    Scalar made = new Scalar(tape, value);
    tape.record(() -> adjoint.accept(made.cotangent));
    return made;
  }

  void addCotangent(double[] more) {
    for (int i = 0; i < cotangent.length; i++)
      cotangent[i] += more[i];
  }

  @Override
  public String toString() {
    return Arrays.toString(values);
  }
}
