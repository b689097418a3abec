package org.halocline.sampler.adapt;

/**
 * Running mean and covariance of the scalars, by Welford's update. Draws are added in order; the state can be written
 * down and taken up again. Not thread-safe.
 */
public final class Covariance {
  private static final double BELIEF = 5;

  private final int size;
  private int count;
  private final double[] mean;
  private final double[] moments;

  public Covariance(int size) {
    this(size, 0, new double[size], new double[size * size]);
  }

  /** Takes up a state. */
  public Covariance(int size, int count, double[] mean, double[] moments) {
    if (mean.length != size || moments.length != size * size)
      throw new IllegalArgumentException("a covariance of " + size + " scalars from " + mean.length + " means");
    this.size = size;
    this.count = count;
    this.mean = mean.clone();
    this.moments = moments.clone();
  }

  public void add(double[] draw) {
    count++;
    double[] before = new double[size];
    for (int i = 0; i < size; i++) {
      before[i] = draw[i] - mean[i];
      mean[i] += before[i] / count;
    }
    for (int i = 0; i < size; i++)
      for (int j = 0; j <= i; j++) {
        double moment = moments[i * size + j] + before[i] * (draw[j] - mean[j]);
        moments[i * size + j] = moment;
        moments[j * size + i] = moment;
      }
  }

  public int count() {
    return count;
  }

  public double[] mean() {
    return mean.clone();
  }

  public double[] moments() {
    return moments.clone();
  }

  /**
   * The covariance, drawn to what was believed before with the weight of five draws: few draws that hang together say
   * little.
   *
   * @param dense false leaves only the diagonal
   * @param before row by row
   * @return row by row
   */
  public double[] regularised(boolean dense, double[] before) {
    double[] covariance = new double[size * size];
    for (int i = 0; i < size; i++)
      for (int j = 0; j < size; j++)
        if (i == j || dense) {
          double found = moments[i * size + j] / (count - 1);
          covariance[i * size + j] = (count * found + BELIEF * before[i * size + j]) / (count + BELIEF);
        }
    return covariance;
  }
}
