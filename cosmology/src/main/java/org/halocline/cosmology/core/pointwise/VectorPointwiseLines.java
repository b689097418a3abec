package org.halocline.cosmology.core.pointwise;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.halocline.cosmology.kernel.Pointwise;
import org.halocline.cosmology.kernel.Pointwise.Function;

/**
 * As {@link ScalarPointwiseLines}, to the bit, several elements at a time through the Vector API: the compiler makes no
 * vectors of code that looks at the bits of a number. Functions without such code are left to it.
 */
public final class VectorPointwiseLines implements PointwiseLines {
  private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Float> FLOATS = VectorSpecies.of(float.class,
      VectorShape.forBitSize(DOUBLES.vectorBitSize() / 2));
  private static final int LANES = DOUBLES.length();

  private final PointwiseLines others = new ScalarPointwiseLines();

  private static DoubleVector wide(float[] values, int at) {
    return (DoubleVector) FloatVector.fromArray(FLOATS, values, at).castShape(DOUBLES, 0);
  }

  private static void store(DoubleVector values, float[] out, int at) {
    ((FloatVector) values.castShape(FLOATS, 0)).intoArray(out, at);
  }

  /** The end of what whole vectors cover. */
  private static int whole(int from, int to) {
    return from + DOUBLES.loopBound(to - from);
  }

  @Override
  public void apply(Function f, double parameter, float[] x, float[] out, int from, int to) {
    int end = whole(from, to);
    switch (f) {
      case EXP -> exp(x, out, from, end);
      case LOG -> log(x, out, from, end);
      case LOG1P -> log1p(x, out, from, end);
      case TANH -> tanh(x, out, from, end);
      case SIGMOID -> sigmoid(x, out, from, end);
      case POWER -> end = power(parameter, x, out, from, end);
      default -> end = from;
    }
    others.apply(f, parameter, x, out, end, to);
  }

  private static void exp(float[] x, float[] out, int from, int end) {
    for (int i = from; i < end; i += LANES)
      store(VectorElementary.exp(wide(x, i)), out, i);
  }

  private static void log(float[] x, float[] out, int from, int end) {
    for (int i = from; i < end; i += LANES)
      store(VectorElementary.log(wide(x, i)), out, i);
  }

  private static void log1p(float[] x, float[] out, int from, int end) {
    for (int i = from; i < end; i += LANES)
      store(VectorElementary.log1p(wide(x, i)), out, i);
  }

  private static void tanh(float[] x, float[] out, int from, int end) {
    for (int i = from; i < end; i += LANES)
      store(VectorElementary.tanh(wide(x, i)), out, i);
  }

  private static void sigmoid(float[] x, float[] out, int from, int end) {
    for (int i = from; i < end; i += LANES)
      store(VectorElementary.sigmoid(wide(x, i)), out, i);
  }

  private static int power(double exponent, float[] x, float[] out, int from, int end) {
    if (exponent == 0)
      return from;
    double sign = Pointwise.signOfPower(exponent);
    for (int i = from; i < end; i += LANES)
      store(VectorElementary.power(wide(x, i), exponent, sign), out, i);
    return end;
  }

  @Override
  public void transpose(Function f, double parameter, float[] x, float[] cotangent, float[] out, int from, int to) {
    int end = whole(from, to);
    switch (f) {
      case EXP -> expTranspose(x, cotangent, out, from, end);
      case TANH -> tanhTranspose(x, cotangent, out, from, end);
      case SIGMOID -> sigmoidTranspose(x, cotangent, out, from, end);
      case POWER -> end = powerTranspose(parameter, x, cotangent, out, from, end);
      default -> end = from;
    }
    others.transpose(f, parameter, x, cotangent, out, end, to);
  }

  private static void expTranspose(float[] x, float[] cotangent, float[] out, int from, int end) {
    for (int i = from; i < end; i += LANES)
      store(wide(cotangent, i).mul(VectorElementary.exp(wide(x, i))), out, i);
  }

  private static void tanhTranspose(float[] x, float[] cotangent, float[] out, int from, int end) {
    for (int i = from; i < end; i += LANES)
      store(wide(cotangent, i).mul(VectorElementary.tanhSlope(wide(x, i))), out, i);
  }

  private static void sigmoidTranspose(float[] x, float[] cotangent, float[] out, int from, int end) {
    for (int i = from; i < end; i += LANES)
      store(wide(cotangent, i).mul(VectorElementary.sigmoidSlope(wide(x, i))), out, i);
  }

  private static int powerTranspose(double exponent, float[] x, float[] cotangent, float[] out, int from, int end) {
    double lower = exponent - 1;
    if (exponent == 0 || lower == 0)
      return from;
    double sign = Pointwise.signOfPower(lower);
    for (int i = from; i < end; i += LANES)
      store(wide(cotangent, i).mul(VectorElementary.power(wide(x, i), lower, sign).mul(exponent)), out, i);
    return end;
  }
}
