package org.halocline.sampler.diagnostics;

import java.util.Arrays;

/** Mean, variance, quantiles of plain arrays. */
public final class Moments {
  private Moments() {}

  public static double mean(double[] values) {
    double sum = 0;
    for (double value : values)
      sum += value;
    return sum / values.length;
  }

  /** Divided by n − 1. */
  public static double variance(double[] values) {
    return sumOfSquares(values) / (values.length - 1);
  }

  /** About the mean. */
  static double sumOfSquares(double[] values) {
    double mean = mean(values);
    double sum = 0;
    for (double value : values)
      sum += (value - mean) * (value - mean);
    return sum;
  }

  /** Linear between order statistics (type 7 of Hyndman &amp; Fan). */
  public static double quantile(double[] values, double probability) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double at = probability * (sorted.length - 1);
    int below = (int) Math.floor(at);
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }

  /** All chains in one array, in their order. */
  public static double[] join(double[][] chains) {
    return Arrays.stream(chains).flatMapToDouble(Arrays::stream).toArray();
  }
}
