package org.halocline.sampler.diagnostics;

/** One row of the final table. */
public record Summary(String name, double mean, double sd, double low, double high, double rHat, double bulkSize,
    double tailSize) {

  /** @param draws by chain; of one length */
  public static Summary of(String name, double[][] draws) {
    double[] all = Moments.join(draws);
    if (all.length == 0)
      return new Summary(name, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
    return new Summary(name, Moments.mean(all), Math.sqrt(Moments.variance(all)), Moments.quantile(all, 0.05),
        Moments.quantile(all, 0.95), Mixing.rHat(draws), Mixing.bulkSize(draws), Mixing.tailSize(draws));
  }
}
