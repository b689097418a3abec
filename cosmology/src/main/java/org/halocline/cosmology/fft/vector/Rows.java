package org.halocline.cosmology.fft.vector;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static org.halocline.cosmology.fft.vector.Lanes.COUNT;
import static org.halocline.cosmology.fft.vector.Lanes.ELEMENT;
import static org.halocline.cosmology.fft.vector.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.halocline.cosmology.fft.Green;

/**
 * Moves neighbouring lines, whose elements lie a stride apart, into a tile and back, where no pass does it on its way.
 */
final class Rows {
  private Rows() {}

  static void in(float[] data, int re, int im, int stride, int n, float[] tile) {
    for (int e = 0; e < n; e++) {
      fromArray(SPECIES, data, re + e * stride).intoArray(tile, e * ELEMENT);
      fromArray(SPECIES, data, im + e * stride).intoArray(tile, e * ELEMENT + COUNT);
    }
  }

  static void out(float[] tile, int n, float[] data, int re, int im, int stride) {
    for (int e = 0; e < n; e++) {
      fromArray(SPECIES, tile, e * ELEMENT).intoArray(data, re + e * stride);
      fromArray(SPECIES, tile, e * ELEMENT + COUNT).intoArray(data, im + e * stride);
    }
  }

  /** Elements [begin, end), each from the row of its frequency. */
  static void in(float[] data, int re, int im, int stride, int[] frequency, float[] tile, int begin, int end) {
    for (int e = begin; e < end; e++) {
      int row = frequency[e] * stride;
      fromArray(SPECIES, data, re + row).intoArray(tile, e * ELEMENT);
      fromArray(SPECIES, data, im + row).intoArray(tile, e * ELEMENT + COUNT);
    }
  }

  /** Elements [begin, end), each to the row of its frequency. */
  static void out(float[] tile, int begin, int end, int[] frequency, float[] data, int re, int im, int stride) {
    for (int e = begin; e < end; e++) {
      int row = frequency[e] * stride;
      fromArray(SPECIES, tile, e * ELEMENT).intoArray(data, re + row);
      fromArray(SPECIES, tile, e * ELEMENT + COUNT).intoArray(data, im + row);
    }
  }

  /** Fewer lines than a bundle has; the other lanes are set to 0. */
  static void fewIn(float[] data, int re, int im, int stride, int count, int n, float[] tile) {
    for (int e = 0; e < n; e++)
      for (int lane = 0; lane < COUNT; lane++) {
        tile[e * ELEMENT + lane] = lane < count ? data[re + e * stride + lane] : 0;
        tile[e * ELEMENT + COUNT + lane] = lane < count ? data[im + e * stride + lane] : 0;
      }
  }

  /** Fewer lines than a bundle has. */
  static void fewOut(float[] tile, float[] data, int re, int im, int stride, int count, int n) {
    for (int e = 0; e < n; e++)
      for (int lane = 0; lane < count; lane++) {
        data[re + e * stride + lane] = tile[e * ELEMENT + lane];
        data[im + e * stride + lane] = tile[e * ELEMENT + COUNT + lane];
      }
  }

  /** Elements [begin, end) times Green's function; squares: ky² + kz² of the lanes. */
  static void multiply(float[] tile, int begin, int end, int[] frequency, Green green, float[] squares) {
    float[] x = green.x();
    FloatVector yz = fromArray(SPECIES, squares, 0);
    FloatVector numerator = broadcast(SPECIES, -green.factor());
    for (int e = begin; e < end; e++) {
      FloatVector square = yz.add(broadcast(SPECIES, x[frequency[e]]));
      VectorMask<Float> zeroMode = square.compare(VectorOperators.EQ, 0);
      FloatVector value = numerator.div(square).blend(0, zeroMode);
      fromArray(SPECIES, tile, e * ELEMENT).mul(value).intoArray(tile, e * ELEMENT);
      fromArray(SPECIES, tile, e * ELEMENT + COUNT).mul(value).intoArray(tile, e * ELEMENT + COUNT);
    }
  }
}
