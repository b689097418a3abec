package org.halocline.cosmology.core.pointwise;

import java.util.Arrays;
import org.halocline.cosmology.kernel.Pointwise;
import org.halocline.cosmology.kernel.Pointwise.Function;

/** What every number is, one element after another: runs anywhere, and the oracle of {@link VectorPointwiseLines}. */
public final class ScalarPointwiseLines implements PointwiseLines {

  @Override
  public void apply(Function f, double parameter, float[] x, float[] out, int from, int to) {
    switch (f) {
      case EXP -> {
        for (int i = from; i < to; i++)
          out[i] = (float) (Elementary.exp(x[i]));
      }
      case LOG -> {
        for (int i = from; i < to; i++)
          out[i] = (float) (Elementary.log(x[i]));
      }
      case LOG1P -> {
        for (int i = from; i < to; i++)
          out[i] = (float) (Elementary.log1p(x[i]));
      }
      case TANH -> {
        for (int i = from; i < to; i++)
          out[i] = (float) (Elementary.tanh(x[i]));
      }
      case SQRT -> {
        for (int i = from; i < to; i++)
          out[i] = (float) (Math.sqrt(x[i]));
      }
      case SQUARE -> {
        for (int i = from; i < to; i++)
          out[i] = (float) ((double) x[i] * x[i]);
      }
      case RECIPROCAL -> {
        for (int i = from; i < to; i++)
          out[i] = (float) (1.0 / x[i]);
      }
      case SIGMOID -> {
        for (int i = from; i < to; i++)
          out[i] = (float) (Elementary.sigmoid(x[i]));
      }
      case ABS -> {
        for (int i = from; i < to; i++)
          out[i] = Math.abs(x[i]);
      }
      case POWER -> power(parameter, x, out, from, to);
      case MAX -> {
        float least = (float) parameter;
        for (int i = from; i < to; i++)
          out[i] = x[i] < least ? least : x[i];
      }
    }
  }

  private static void power(double exponent, float[] x, float[] out, int from, int to) {
    if (exponent == 0) {
      Arrays.fill(out, from, to, 1);
      return;
    }
    double sign = Pointwise.signOfPower(exponent);
    for (int i = from; i < to; i++)
      out[i] = (float) Elementary.power(x[i], exponent, sign);
  }

  @Override
  public void transpose(Function f, double parameter, float[] x, float[] cotangent, float[] out, int from, int to) {
    switch (f) {
      case EXP -> {
        for (int i = from; i < to; i++)
          out[i] = (float) (cotangent[i] * Elementary.exp(x[i]));
      }
      case LOG -> {
        for (int i = from; i < to; i++)
          out[i] = (float) ((double) cotangent[i] / x[i]);
      }
      case LOG1P -> {
        for (int i = from; i < to; i++)
          out[i] = (float) (cotangent[i] / (1 + (double) x[i]));
      }
      case TANH -> {
        for (int i = from; i < to; i++)
          out[i] = (float) (cotangent[i] * Elementary.tanhSlope(x[i]));
      }
      case SQRT -> {
        for (int i = from; i < to; i++)
          out[i] = (float) (cotangent[i] * (0.5 / Math.sqrt(x[i])));
      }
      case SQUARE -> {
        for (int i = from; i < to; i++)
          out[i] = (float) (cotangent[i] * (2.0 * x[i]));
      }
      case RECIPROCAL -> {
        for (int i = from; i < to; i++)
          out[i] = (float) (cotangent[i] * (-1 / ((double) x[i] * x[i])));
      }
      case SIGMOID -> {
        for (int i = from; i < to; i++)
          out[i] = (float) (cotangent[i] * Elementary.sigmoidSlope(x[i]));
      }
      case ABS -> {
        for (int i = from; i < to; i++)
          out[i] = (float) (cotangent[i] * (x[i] > 0 ? 1.0 : x[i] < 0 ? -1.0 : x[i] == 0 ? 0.0 : Double.NaN));
      }
      case POWER -> powerTranspose(parameter, x, cotangent, out, from, to);
      case MAX -> {
        float least = (float) parameter;
        for (int i = from; i < to; i++)
          out[i] = x[i] < least ? 0 : cotangent[i];
      }
    }
  }

  /** a x^(a − 1); of a = 0 that is 0, of a = 1 it is 1. */
  private static void powerTranspose(double exponent, float[] x, float[] cotangent, float[] out, int from, int to) {
    double lower = exponent - 1;
    if (exponent == 0 || lower == 0) {
      for (int i = from; i < to; i++)
        out[i] = (float) (cotangent[i] * exponent);
      return;
    }
    double sign = Pointwise.signOfPower(lower);
    for (int i = from; i < to; i++)
      out[i] = (float) (cotangent[i] * (exponent * Elementary.power(x[i], lower, sign)));
  }

  /** ∂(x^a)/∂a = x^a ln x: 0 of x = 0 and a positive exponent, NaN of a negative x. */
  static double byExponent(double exponent, float x) {
    double logarithm = Elementary.log(x);
    return x == 0 && exponent > 0 ? 0 : Elementary.exp(exponent * logarithm) * logarithm;
  }

  @Override
  public void byExponent(double exponent, float[] x, float[] cotangent, int from, double[] terms, int count) {
    byExponent(exponent, x, cotangent, from, terms, 0, count);
  }

  /** As above for k in [first, count). */
  static void byExponent(double exponent, float[] x, float[] cotangent, int from, double[] terms, int first,
      int count) {
    for (int k = first; k < count; k++)
      terms[k] = cotangent[from + k] * byExponent(exponent, x[from + k]);
  }

  @Override
  public void max(float[] x, float[] y, float[] out, int from, int to) {
    for (int i = from; i < to; i++)
      out[i] = x[i] < y[i] || y[i] != y[i] ? y[i] : x[i];
  }

  @Override
  public void maxTranspose(float[] x, float[] y, float[] cotangent, float[] out, int from, int to) {
    for (int i = from; i < to; i++)
      out[i] = x[i] >= y[i] ? cotangent[i] : 0;
  }
}
