package org.halocline.cosmology.core;

/**
 * Sums over a line in double, of products or plain: four partial sums of every fourth term, so that an addition need
 * not wait for the one before, then (0 + 1) + (2 + 3), then what is left of the line in order.
 */
final class LineSums {
  private LineSums() {}

  static double product(float[] a, int atA, float[] b, int atB, int count) {
    int whole = count & ~3;
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    for (int k = 0; k < whole; k += 4) {
      s0 += (double) a[atA + k] * b[atB + k];
      s1 += (double) a[atA + k + 1] * b[atB + k + 1];
      s2 += (double) a[atA + k + 2] * b[atB + k + 2];
      s3 += (double) a[atA + k + 3] * b[atB + k + 3];
    }
    double sum = s0 + s1 + (s2 + s3);
    for (int k = whole; k < count; k++)
      sum += (double) a[atA + k] * b[atB + k];
    return sum;
  }

  static double plain(float[] a, int atA, int count) {
    int whole = count & ~3;
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    for (int k = 0; k < whole; k += 4) {
      s0 += a[atA + k];
      s1 += a[atA + k + 1];
      s2 += a[atA + k + 2];
      s3 += a[atA + k + 3];
    }
    double sum = s0 + s1 + (s2 + s3);
    for (int k = whole; k < count; k++)
      sum += a[atA + k];
    return sum;
  }

  static double product(float[] a, int atA, int[] b, int atB, int count) {
    int whole = count & ~3;
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    for (int k = 0; k < whole; k += 4) {
      s0 += (double) a[atA + k] * b[atB + k];
      s1 += (double) a[atA + k + 1] * b[atB + k + 1];
      s2 += (double) a[atA + k + 2] * b[atB + k + 2];
      s3 += (double) a[atA + k + 3] * b[atB + k + 3];
    }
    double sum = s0 + s1 + (s2 + s3);
    for (int k = whole; k < count; k++)
      sum += (double) a[atA + k] * b[atB + k];
    return sum;
  }
}
