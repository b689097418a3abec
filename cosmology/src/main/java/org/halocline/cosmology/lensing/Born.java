package org.halocline.cosmology.lensing;

import java.util.Arrays;

/**
 * Projects lens planes to convergence maps, κ_b = Σ_i w_bi (plane_i − 1) along straight lines, and its transpose.
 *
 * <p>
 * Pixel centres are at θ = (m + ½ − pixels/2) · field of view/pixels on both axes, the box's centre on the optical
 * axis. A plane at the transverse distance f_i is read bilinearly and periodically at cell coordinate θf_i/Δ + N/2 − ½,
 * so that plane values sit at cell centres. f_i is χ_i = (i + ½) Lz/planes until {@link #aim} sets another. Sums run
 * over the planes in order, and within a plane over the cells of a bilinear read in order.
 *
 * <p>
 * Arrays are flat: planes [plane][x][y], weights [bin][plane], κ [bin][x pixel][y pixel]. Holds scratch: one thread at
 * a time.
 */
public final class Born {
  private final int nx;
  private final int ny;
  private final int planes;
  private final int pixels;
  private final double boxX;
  private final double boxY;
  private final double fieldOfViewRad;
  private final double[] distances;
  private final Axis[] alongX;
  private final Axis[] alongY;
  private final double[] map;

  /**
   * How the pixels along one axis read one plane: the lower cell of each pixel, the upper cell, the share of the upper
   * cell, and the derivative of the cell coordinate by the plane's distance.
   */
  private record Axis(int[] lower, int[] upper, double[] share, double[] slope) {
    static Axis of(int cells, double box, double distance, double fieldOfViewRad, int pixels) {
      var axis = new Axis(new int[pixels], new int[pixels], new double[pixels], new double[pixels]);
      double cell = box / cells;
      for (int m = 0; m < pixels; m++) {
        double angle = (m + 0.5 - 0.5 * pixels) * (fieldOfViewRad / pixels);
        double at = angle * distance / cell + 0.5 * cells - 0.5;
        double floor = StrictMath.floor(at);
        axis.lower[m] = (int) Math.floorMod((long) floor, (long) cells);
        axis.upper[m] = axis.lower[m] + 1 == cells ? 0 : axis.lower[m] + 1;
        axis.share[m] = at - floor;
        axis.slope[m] = angle / cell;
      }
      return axis;
    }
  }

  /**
   * @param nx cells along x, {@code ny} along y
   * @param boxX length along x, in the unit of {@code boxY} and {@code lengthZ}
   * @param fieldOfViewRad side of the square map
   * @param pixels pixels of a side
   */
  public Born(int nx, int ny, double boxX, double boxY, double lengthZ, int planes, double fieldOfViewRad, int pixels) {
    if (nx < 1 || ny < 1 || planes < 1 || pixels < 1 || !(boxX > 0) || !(boxY > 0) || !(lengthZ > 0)
        || !(fieldOfViewRad > 0 && fieldOfViewRad < Math.PI))
      throw new IllegalArgumentException("planes " + planes + " × " + nx + " × " + ny + " over " + boxX + " × " + boxY
          + " × " + lengthZ + ", field " + fieldOfViewRad + " rad, " + pixels + " pixels");
    this.nx = nx;
    this.ny = ny;
    this.planes = planes;
    this.pixels = pixels;
    alongX = new Axis[planes];
    alongY = new Axis[planes];
    map = new double[pixels * pixels];
    this.boxX = boxX;
    this.boxY = boxY;
    this.fieldOfViewRad = fieldOfViewRad;
    distances = new double[planes];
    double[] comoving = new double[planes];
    for (int i = 0; i < planes; i++)
      comoving[i] = (i + 0.5) * lengthZ / planes;
    aim(comoving);
  }

  /** Sets the transverse distances at which rays meet the planes, in the unit of the box. */
  public void aim(double[] distances) {
    if (distances.length != planes)
      throw new IllegalArgumentException(distances.length + " distances of " + planes + " planes");
    for (int i = 0; i < planes; i++)
      if (distances[i] != this.distances[i]) {
        this.distances[i] = distances[i];
        alongX[i] = Axis.of(nx, boxX, distances[i], fieldOfViewRad, pixels);
        alongY[i] = Axis.of(ny, boxY, distances[i], fieldOfViewRad, pixels);
      }
  }

  /**
   * Writes κ.
   *
   * @param planes [plane][x][y], mean 1
   * @param weights [bin][plane]
   * @param kappa [bin][x pixel][y pixel], overwritten
   */
  public void convergence(double[] planes, double[] weights, double[] kappa) {
    int bins = check(planes, weights, kappa);
    Arrays.fill(kappa, 0);
    for (int i = 0; i < this.planes; i++) {
      read(planes, i);
      for (int bin = 0; bin < bins; bin++) {
        double w = weights[bin * this.planes + i];
        int at = bin * map.length;
        for (int p = 0; p < map.length; p++)
          kappa[at + p] += w * map[p];
      }
    }
  }

  /**
   * The transpose of {@link #convergence} at {@code planes} and {@code weights}.
   *
   * @param kappaCotangent [bin][x pixel][y pixel]
   * @param planesCotangent [plane][x][y], overwritten
   * @param weightsCotangent [bin][plane], overwritten
   * @param distancesCotangent [plane], of what {@link #aim} was given, overwritten
   */
  public void transpose(double[] kappaCotangent, double[] planes, double[] weights, double[] planesCotangent,
      double[] weightsCotangent, double[] distancesCotangent) {
    int bins = check(planes, weights, kappaCotangent);
    if (planesCotangent.length != planes.length || weightsCotangent.length != weights.length
        || distancesCotangent.length != this.planes)
      throw new IllegalArgumentException("cotangents of " + planesCotangent.length + " and " + weightsCotangent.length
          + " numbers for " + planes.length + " and " + weights.length);
    Arrays.fill(planesCotangent, 0);
    for (int i = 0; i < this.planes; i++) {
      read(planes, i);
      for (int bin = 0; bin < bins; bin++) {
        double sum = 0;
        int at = bin * map.length;
        for (int p = 0; p < map.length; p++)
          sum += kappaCotangent[at + p] * map[p];
        weightsCotangent[bin * this.planes + i] = sum;
      }
      Arrays.fill(map, 0);
      for (int bin = 0; bin < bins; bin++) {
        double w = weights[bin * this.planes + i];
        int at = bin * map.length;
        for (int p = 0; p < map.length; p++)
          map[p] += w * kappaCotangent[at + p];
      }
      paint(planesCotangent, i);
      distancesCotangent[i] = slope(planes, i);
    }
  }

  /** Reads plane − 1 to the map. */
  private void read(double[] from, int plane) {
    Axis xs = alongX[plane];
    Axis ys = alongY[plane];
    for (int m = 0; m < pixels; m++) {
      int low = (plane * nx + xs.lower[m]) * ny;
      int high = (plane * nx + xs.upper[m]) * ny;
      double s = xs.share[m];
      for (int n = 0; n < pixels; n++) {
        int left = ys.lower[n];
        int right = ys.upper[n];
        double t = ys.share[n];
        double below = (1 - t) * (from[low + left] - 1) + t * (from[low + right] - 1);
        double above = (1 - t) * (from[high + left] - 1) + t * (from[high + right] - 1);
        map[m * pixels + n] = (1 - s) * below + s * above;
      }
    }
  }

  /** Adds the map to the plane by the weights with which {@link #read} reads it. */
  private void paint(double[] to, int plane) {
    Axis xs = alongX[plane];
    Axis ys = alongY[plane];
    for (int m = 0; m < pixels; m++) {
      int low = (plane * nx + xs.lower[m]) * ny;
      int high = (plane * nx + xs.upper[m]) * ny;
      double s = xs.share[m];
      for (int n = 0; n < pixels; n++) {
        int left = ys.lower[n];
        int right = ys.upper[n];
        double t = ys.share[n];
        double c = map[m * pixels + n];
        double below = (1 - s) * c;
        double above = s * c;
        to[low + left] += (1 - t) * below;
        to[low + right] += t * below;
        to[high + left] += (1 - t) * above;
        to[high + right] += t * above;
      }
    }
  }

  /** The derivative by the plane's distance of what {@link #read} reads, times the map, summed. */
  private double slope(double[] from, int plane) {
    Axis xs = alongX[plane];
    Axis ys = alongY[plane];
    double sum = 0;
    for (int m = 0; m < pixels; m++) {
      int low = (plane * nx + xs.lower[m]) * ny;
      int high = (plane * nx + xs.upper[m]) * ny;
      double s = xs.share[m];
      for (int n = 0; n < pixels; n++) {
        int left = ys.lower[n];
        int right = ys.upper[n];
        double t = ys.share[n];
        double byX = (1 - t) * (from[high + left] - from[low + left]) + t * (from[high + right] - from[low + right]);
        double byY = (1 - s) * (from[low + right] - from[low + left]) + s * (from[high + right] - from[high + left]);
        sum += map[m * pixels + n] * (byX * xs.slope[m] + byY * ys.slope[n]);
      }
    }
    return sum;
  }

  private int check(double[] planes, double[] weights, double[] kappa) {
    int bins = weights.length / this.planes;
    if (planes.length != this.planes * nx * ny || weights.length != bins * this.planes
        || kappa.length != bins * map.length)
      throw new IllegalArgumentException(
          planes.length + " plane values, " + weights.length + " weights, " + kappa.length
              + " pixels do not fit " + this.planes + " planes of " + nx + " × " + ny + " and maps of " + pixels + "²");
    return bins;
  }
}
