package org.halocline.sampler.diagnostics;

import java.util.Arrays;
import java.util.Comparator;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Diagnostics of one scalar over chains of equal length, {@code draws[chain][draw]}. Answers are NaN where chains are
 * too short (fewer than four draws) or hold numbers that are not finite, and for R̂ of draws that never vary.
 */
public final class Mixing {
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);
  private static final int LEAST_DRAWS = 4;

  private Mixing() {}

  /** Rank-normalised split R̂: the larger of the one for the bulk and the one for the tails. */
  public static double rHat(double[][] draws) {
    if (unusable(draws))
      return Double.NaN;
    double[][] split = split(draws);
    double median = Moments.quantile(Moments.join(split), 0.5);
    double[][] folded = map(split, value -> Math.abs(value - median));
    return Math.max(plainRHat(rankNormal(split)), plainRHat(rankNormal(folded)));
  }

  /** Effective sample size of the rank-normalised draws. */
  public static double bulkSize(double[][] draws) {
    return unusable(draws) ? Double.NaN : effectiveSize(rankNormal(split(draws)));
  }

  /** The smaller effective sample size of the 5% and the 95% quantile. */
  public static double tailSize(double[][] draws) {
    if (unusable(draws))
      return Double.NaN;
    return Math.min(quantileSize(draws, 0.05), quantileSize(draws, 0.95));
  }

  /** Estimated Bayesian fraction of missing information of one chain's energies; below 0.3 the momenta mix badly. */
  public static double energyFraction(double[] energies) {
    if (energies.length < LEAST_DRAWS)
      return Double.NaN;
    double jumps = 0;
    for (int i = 1; i < energies.length; i++)
      jumps += (energies[i] - energies[i - 1]) * (energies[i] - energies[i - 1]);
    return jumps / (energies.length - 1) / Moments.variance(energies);
  }

  private static double quantileSize(double[][] draws, double probability) {
    double quantile = Moments.quantile(Moments.join(draws), probability);
    return effectiveSize(split(map(draws, value -> value <= quantile ? 1 : 0)));
  }

  private static boolean unusable(double[][] draws) {
    if (draws.length == 0 || draws[0].length < LEAST_DRAWS)
      return true;
    for (double[] chain : draws) {
      if (chain.length != draws[0].length)
        throw new IllegalArgumentException("chains of " + draws[0].length + " and of " + chain.length + " draws");
      for (double value : chain)
        if (!Double.isFinite(value))
          return true;
    }
    return false;
  }

  private interface Change {
    double of(double value);
  }

  private static double[][] map(double[][] draws, Change change) {
    double[][] changed = new double[draws.length][];
    for (int chain = 0; chain < draws.length; chain++)
      changed[chain] = Arrays.stream(draws[chain]).map(change::of).toArray();
    return changed;
  }

  /** Every chain in two halves; the middle draw of an odd number is left out. */
  static double[][] split(double[][] draws) {
    double[][] halves = new double[2 * draws.length][];
    for (int chain = 0; chain < draws.length; chain++) {
      int n = draws[chain].length;
      halves[chain] = Arrays.copyOfRange(draws[chain], 0, n / 2);
      halves[draws.length + chain] = Arrays.copyOfRange(draws[chain], n - n / 2, n);
    }
    return halves;
  }

  /** Blom's normal scores of average ranks over all chains. */
  static double[][] rankNormal(double[][] draws) {
    int length = draws[0].length;
    double[] all = Moments.join(draws);
    Integer[] order = new Integer[all.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> all[i]));
    double[][] scores = new double[draws.length][length];
    for (int from = 0; from < order.length;) {
      int to = from + 1;
      while (to < order.length && all[order[to]] == all[order[from]])
        to++;
      double rank = 0.5 * (from + 1 + to);
      double score = NORMAL.inverseCumulativeProbability((rank - 0.375) / (all.length + 0.25));
      for (int i = from; i < to; i++)
        scores[order[i] / length][order[i] % length] = score;
      from = to;
    }
    return scores;
  }

  private static double plainRHat(double[][] draws) {
    double n = draws[0].length;
    double between = n * Moments.variance(Arrays.stream(draws).mapToDouble(Moments::mean).toArray());
    double within = Arrays.stream(draws).mapToDouble(Moments::variance).average().orElseThrow();
    return Math.sqrt((between / within + n - 1) / n);
  }

  /** Geyer's initial monotone sequence over the chains' mean autocorrelation. */
  static double effectiveSize(double[][] draws) {
    int chains = draws.length;
    int n = draws[0].length;
    double[] all = Moments.join(draws);
    if (Arrays.stream(all).max().orElseThrow() - Arrays.stream(all).min().orElseThrow() < 1e-15)
      return all.length;
    double[] covariance = new double[n];
    for (double[] chain : draws) {
      double[] one = Autocovariance.of(chain);
      for (int lag = 0; lag < n; lag++)
        covariance[lag] += one[lag] / chains;
    }
    double meanVariance = covariance[0] * n / (n - 1);
    double variance = covariance[0];
    if (chains > 1)
      variance += Moments.variance(Arrays.stream(draws).mapToDouble(Moments::mean).toArray());
    double[] rho = new double[n];
    double even = 1;
    double odd = 1 - (meanVariance - covariance[1]) / variance;
    rho[0] = even;
    rho[1] = odd;
    int t = 1;
    while (t < n - 3 && even + odd > 0) {
      even = 1 - (meanVariance - covariance[t + 1]) / variance;
      odd = 1 - (meanVariance - covariance[t + 2]) / variance;
      if (even + odd >= 0) {
        rho[t + 1] = even;
        rho[t + 2] = odd;
      }
      t += 2;
    }
    int last = t - 2;
    if (even > 0)
      rho[last + 1] = even;
    for (int at = 1; at <= last - 2; at += 2)
      if (rho[at + 1] + rho[at + 2] > rho[at - 1] + rho[at]) {
        rho[at + 1] = 0.5 * (rho[at - 1] + rho[at]);
        rho[at + 2] = rho[at + 1];
      }
    double sum = 0;
    for (int lag = 0; lag <= last; lag++)
      sum += rho[lag];
    double size = (double) chains * n;
    double time = Math.max(-1 + 2 * sum + rho[last + 1], 1 / Math.log10(size));
    return size / time;
  }
}
