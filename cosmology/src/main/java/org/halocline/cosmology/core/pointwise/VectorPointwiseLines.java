package org.halocline.cosmology.core.pointwise;

import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.NE;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.halocline.cosmology.kernel.Pointwise;
import org.halocline.cosmology.kernel.Pointwise.Function;

/**
 * As {@link ScalarPointwiseLines}, to the bit, several elements at a time through the Vector API: the compiler makes no
 * vectors of code that looks at the bits of a number or chooses between two. Other functions are left to it. One lane's
 * own.
 */
public final class VectorPointwiseLines implements PointwiseLines {
  private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Float> HALF = VectorSpecies.of(float.class,
      VectorShape.forBitSize(DOUBLES.vectorBitSize() / 2));
  private static final int LANES = DOUBLES.length();
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  /** Elements whose logarithms are worked out together, so that they stay in the first cache. */
  private static final int PIECE = 1024;

  private final PointwiseLines others = new ScalarPointwiseLines();
  private final double[] logarithms = new double[PIECE];

  private static DoubleVector wide(float[] values, int at) {
    return (DoubleVector) FloatVector.fromArray(HALF, values, at).castShape(DOUBLES, 0);
  }

  private static FloatVector floats(float[] values, int at) {
    return FloatVector.fromArray(FLOATS, values, at);
  }

  /** What is done to elements [from, from + count), whole vectors of them. */
  private interface Piece {
    void on(int from, int count);
  }

  private static void forEachPiece(int from, int end, Piece piece) {
    for (int at = from; at < end; at += PIECE)
      piece.on(at, Math.min(PIECE, end - at));
  }

  /** The end of what whole vectors cover. */
  private static int end(VectorSpecies<?> species, int from, int to) {
    return from + species.loopBound(to - from);
  }

  @Override
  public void apply(Function f, double parameter, float[] x, float[] out, int from, int to) {
    int end = end(DOUBLES, from, to);
    switch (f) {
      case EXP -> exp(x, out, from, end);
      case LOG -> log(x, out, from, end);
      case LOG1P -> log1p(x, out, from, end);
      case TANH -> tanh(x, out, from, end);
      case SIGMOID -> sigmoid(x, out, from, end);
      case POWER -> end = power(parameter, x, out, from, end);
      case MAX -> end = max((float) parameter, x, out, from, to);
      default -> end = from;
    }
    others.apply(f, parameter, x, out, end, to);
  }

  private static void exp(float[] x, float[] out, int from, int end) {
    for (int i = from; i < end; i += LANES)
      ((FloatVector) VectorElementary.exp(wide(x, i)).castShape(HALF, 0)).intoArray(out, i);
  }

  private static void tanh(float[] x, float[] out, int from, int end) {
    for (int i = from; i < end; i += LANES)
      ((FloatVector) VectorElementary.tanh(wide(x, i)).castShape(HALF, 0)).intoArray(out, i);
  }

  private static void sigmoid(float[] x, float[] out, int from, int end) {
    for (int i = from; i < end; i += LANES)
      ((FloatVector) VectorElementary.sigmoid(wide(x, i)).castShape(HALF, 0)).intoArray(out, i);
  }

  private static void log(float[] x, float[] out, int from, int end) {
    for (int i = from; i < end; i += LANES)
      ((FloatVector) VectorElementary.log(wide(x, i)).castShape(HALF, 0)).intoArray(out, i);
  }

  private static void log1p(float[] x, float[] out, int from, int end) {
    for (int i = from; i < end; i += LANES)
      ((FloatVector) VectorElementary.log1p(wide(x, i)).castShape(HALF, 0)).intoArray(out, i);
  }

  /** Works out ln |x|. */
  private void logarithmsOfSize(float[] x, int from, int count) {
    for (int k = 0; k < count; k += LANES)
      VectorElementary.log(wide(x, from + k).abs()).intoArray(logarithms, k);
  }

  private DoubleVector logarithm(int k) {
    return DoubleVector.fromArray(DOUBLES, logarithms, k);
  }

  private int power(double exponent, float[] x, float[] out, int from, int end) {
    if (exponent == 0)
      return from;
    double sign = Pointwise.signOfPower(exponent);
    forEachPiece(from, end, (at, count) -> {
      logarithmsOfSize(x, at, count);
      power(exponent, sign, x, out, at, count);
    });
    return end;
  }

  private void power(double exponent, double sign, float[] x, float[] out, int from, int count) {
    for (int k = 0; k < count; k += LANES)
      ((FloatVector) VectorElementary.power(wide(x, from + k), logarithm(k), exponent, sign).castShape(HALF, 0))
          .intoArray(out, from + k);
  }

  private static int max(float least, float[] x, float[] out, int from, int to) {
    int end = end(FLOATS, from, to);
    for (int i = from; i < end; i += FLOATS.length()) {
      FloatVector values = floats(x, i);
      values.blend(least, values.compare(LT, least)).intoArray(out, i);
    }
    return end;
  }

  @Override
  public void transpose(Function f, double parameter, float[] x, float[] cotangent, float[] out, int from, int to) {
    int end = end(DOUBLES, from, to);
    switch (f) {
      case EXP -> expTranspose(x, cotangent, out, from, end);
      case TANH -> tanhTranspose(x, cotangent, out, from, end);
      case SIGMOID -> sigmoidTranspose(x, cotangent, out, from, end);
      case POWER -> end = powerTranspose(parameter, x, cotangent, out, from, end);
      case MAX -> end = maxTranspose((float) parameter, x, cotangent, out, from, to);
      default -> end = from;
    }
    others.transpose(f, parameter, x, cotangent, out, end, to);
  }

  private static void expTranspose(float[] x, float[] cotangent, float[] out, int from, int end) {
    for (int i = from; i < end; i += LANES)
      ((FloatVector) wide(cotangent, i).mul(VectorElementary.exp(wide(x, i))).castShape(HALF, 0)).intoArray(out, i);
  }

  private static void tanhTranspose(float[] x, float[] cotangent, float[] out, int from, int end) {
    for (int i = from; i < end; i += LANES)
      ((FloatVector) wide(cotangent, i).mul(VectorElementary.tanhSlope(wide(x, i))).castShape(HALF, 0)).intoArray(out,
          i);
  }

  private static void sigmoidTranspose(float[] x, float[] cotangent, float[] out, int from, int end) {
    for (int i = from; i < end; i += LANES)
      ((FloatVector) wide(cotangent, i).mul(VectorElementary.sigmoidSlope(wide(x, i))).castShape(HALF, 0))
          .intoArray(out, i);
  }

  private int powerTranspose(double exponent, float[] x, float[] cotangent, float[] out, int from, int end) {
    double lower = exponent - 1;
    if (exponent == 0 || lower == 0)
      return from;
    double sign = Pointwise.signOfPower(lower);
    forEachPiece(from, end, (at, count) -> {
      logarithmsOfSize(x, at, count);
      powerTranspose(exponent, sign, x, cotangent, out, at, count);
    });
    return end;
  }

  /** @param sign that of powers less one */
  private void powerTranspose(double exponent, double sign, float[] x, float[] cotangent, float[] out, int from,
      int count) {
    for (int k = 0; k < count; k += LANES) {
      DoubleVector bar = wide(cotangent, from + k);
      DoubleVector lower = VectorElementary.power(wide(x, from + k), logarithm(k), exponent - 1, sign);
      ((FloatVector) bar.mul(lower.mul(exponent)).castShape(HALF, 0)).intoArray(out, from + k);
    }
  }

  private static int maxTranspose(float least, float[] x, float[] cotangent, float[] out, int from, int to) {
    int end = end(FLOATS, from, to);
    for (int i = from; i < end; i += FLOATS.length())
      floats(cotangent, i).blend(0, floats(x, i).compare(LT, least)).intoArray(out, i);
    return end;
  }

  @Override
  public void byExponent(double exponent, float[] x, float[] cotangent, int from, double[] terms, int count) {
    int whole = DOUBLES.loopBound(count);
    logarithms(x, from, terms, whole);
    byExponentOfLogarithms(exponent, x, cotangent, from, terms, whole);
    ScalarPointwiseLines.byExponent(exponent, x, cotangent, from, terms, whole, count);
  }

  private static void logarithms(float[] x, int from, double[] into, int count) {
    for (int k = 0; k < count; k += LANES)
      VectorElementary.log(wide(x, from + k)).intoArray(into, k);
  }

  private static void byExponentOfLogarithms(double exponent, float[] x, float[] cotangent, int from, double[] terms,
      int count) {
    for (int k = 0; k < count; k += LANES) {
      DoubleVector bar = wide(cotangent, from + k);
      VectorMask<Double> none = exponent > 0 ? wide(x, from + k).compare(EQ, 0.0) : DOUBLES.maskAll(false);
      DoubleVector logarithm = DoubleVector.fromArray(DOUBLES, terms, k);
      DoubleVector slope = VectorElementary.exp(logarithm.mul(exponent)).mul(logarithm);
      bar.mul(slope.blend(0, none)).intoArray(terms, k);
    }
  }

  @Override
  public void max(float[] x, float[] y, float[] out, int from, int to) {
    int end = end(FLOATS, from, to);
    for (int i = from; i < end; i += FLOATS.length()) {
      FloatVector first = floats(x, i);
      FloatVector second = floats(y, i);
      VectorMask<Float> other = first.compare(LT, second).or(second.compare(NE, second));
      first.blend(second, other).intoArray(out, i);
    }
    others.max(x, y, out, end, to);
  }

  @Override
  public void maxTranspose(float[] x, float[] y, float[] cotangent, float[] out, int from, int to) {
    int end = end(FLOATS, from, to);
    for (int i = from; i < end; i += FLOATS.length())
      FloatVector.zero(FLOATS).blend(floats(cotangent, i), floats(x, i).compare(GE, floats(y, i))).intoArray(out, i);
    others.maxTranspose(x, y, cotangent, out, end, to);
  }
}
