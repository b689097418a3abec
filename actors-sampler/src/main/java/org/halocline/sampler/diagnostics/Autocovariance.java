package org.halocline.sampler.diagnostics;

import org.apache.commons.math3.complex.Complex;
import org.apache.commons.math3.transform.DftNormalization;
import org.apache.commons.math3.transform.FastFourierTransformer;
import org.apache.commons.math3.transform.TransformType;

/** Autocovariance of a series at every lag, by a Fourier transform padded with zeros. */
final class Autocovariance {
  private Autocovariance() {}

  /** Biased estimates: every lag is divided by the length. */
  static double[] of(double[] series) {
    int n = series.length;
    int padded = Integer.highestOneBit(Math.max(1, 2 * n - 1)) * 2;
    double mean = Moments.mean(series);
    double[] centred = new double[padded];
    for (int i = 0; i < n; i++)
      centred[i] = series[i] - mean;
    FastFourierTransformer transformer = new FastFourierTransformer(DftNormalization.STANDARD);
    Complex[] spectrum = transformer.transform(centred, TransformType.FORWARD);
    for (int i = 0; i < padded; i++)
      spectrum[i] = new Complex(
          spectrum[i].getReal() * spectrum[i].getReal() + spectrum[i].getImaginary() * spectrum[i].getImaginary());
    Complex[] lags = transformer.transform(spectrum, TransformType.INVERSE);
    double[] covariance = new double[n];
    for (int lag = 0; lag < n; lag++)
      covariance[lag] = lags[lag].getReal() / n;
    return covariance;
  }
}
