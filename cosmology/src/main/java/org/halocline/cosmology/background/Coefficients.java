package org.halocline.cosmology.background;

import org.halocline.cosmology.theta.LimitException;
import org.halocline.cosmology.theta.Theta;

/**
 * Numbers that depend on θ, with their Jacobian by θ. A reverse pass gathers one cotangent a number, and
 * {@link #addPullBack} makes the gradient by θ of the cotangents.
 *
 * @param parameters of θ, the length of a Jacobian row
 * @param values not to be written
 * @param jacobian [number][parameter], flat; not to be written
 */
public record Coefficients(int parameters, double[] values, double[] jacobian) {
  private static final int HEADER = 2;

  /** @throws LimitException where a number or a derivative is not finite */
  public static Coefficients of(Theta theta, Jet... numbers) throws LimitException {
    double[] values = new double[numbers.length];
    double[] jacobian = new double[numbers.length * theta.size()];
    for (int i = 0; i < numbers.length; i++) {
      LimitException.require(numbers[i].isFinite(), "coefficient " + i + " or its derivative", numbers[i].value(),
          "finite", "the cosmology");
      values[i] = numbers[i].value();
      numbers[i].toRow(theta, jacobian, i * theta.size());
    }
    return new Coefficients(theta.size(), values, jacobian);
  }

  public int count() {
    return values.length;
  }

  public double value(int i) {
    return values[i];
  }

  /** Some of the numbers: a new array. */
  public double[] values(int from, int count) {
    double[] part = new double[count];
    System.arraycopy(values, from, part, 0, count);
    return part;
  }

  /** Derivatives of a number in the order of θ: a new array. */
  public double[] jacobianRow(int i) {
    double[] row = new double[parameters];
    System.arraycopy(jacobian, i * parameters, row, 0, parameters);
    return row;
  }

  /** Adds Σ_i cotangents[i] ∂number_i/∂θ to a gradient by θ, number after number. */
  public void addPullBack(double[] cotangents, double[] gradient) {
    if (cotangents.length != values.length || gradient.length != parameters)
      throw new IllegalArgumentException(
          cotangents.length + " cotangents of " + values.length + " numbers, gradient of "
              + gradient.length + " by " + parameters + " parameters");
    for (int i = 0; i < cotangents.length; i++)
      for (int p = 0; p < parameters; p++)
        gradient[p] += cotangents[i] * jacobian[i * parameters + p];
  }

  /** Length of {@link #toArray}. */
  public int flatLength() {
    return HEADER + values.length + jacobian.length;
  }

  /** All of it as one array, to be sent; {@link #from} gives the same bits back. */
  public double[] toArray() {
    double[] flat = new double[flatLength()];
    flat[0] = values.length;
    flat[1] = parameters;
    System.arraycopy(values, 0, flat, HEADER, values.length);
    System.arraycopy(jacobian, 0, flat, HEADER + values.length, jacobian.length);
    return flat;
  }

  /**
   * Back from {@link #toArray}; what comes after it in the array is left alone.
   *
   * @throws IllegalArgumentException when the array is shorter than it says
   */
  public static Coefficients from(double[] flat) {
    int count = flat.length < HEADER ? -1 : (int) flat[0];
    int parameters = flat.length < HEADER ? -1 : (int) flat[1];
    if (count < 0 || parameters < 0 || HEADER + (double) count * (1.0 + parameters) > flat.length)
      throw new IllegalArgumentException(
          flat.length + " numbers do not hold " + count + " coefficients and their derivatives by " + parameters
              + " parameters");
    double[] values = new double[count];
    double[] jacobian = new double[count * parameters];
    System.arraycopy(flat, HEADER, values, 0, count);
    System.arraycopy(flat, HEADER + count, jacobian, 0, jacobian.length);
    return new Coefficients(parameters, values, jacobian);
  }
}
