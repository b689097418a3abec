package org.halocline.cosmology.fft.vector;

import static org.halocline.cosmology.fft.vector.Lanes.COUNT;
import static org.halocline.cosmology.fft.vector.Lanes.ELEMENT;

import java.util.Arrays;
import java.util.Optional;
import org.halocline.cosmology.fft.Green;
import org.halocline.cosmology.fft.LineTransforms;

/**
 * Lines through the Vector API, a bundle at a time. Lengths with a prime factor above 7 go through other transforms.
 * Its arithmetic is float with fused multiply-adds, the same on vectors of any width.
 */
public final class VectorLines implements LineTransforms {
  private final LineTransforms others;
  private final float[] squares = new float[COUNT];
  private float[] tile = new float[0];
  /** The last lines of a set, where they are fewer than a bundle. */
  private float[] few = new float[0];

  /** The last length of each kind, which saves looking it up for every set of lines. */
  private Optional<Passes> passes = Passes.of(1);
  private Optional<RealLines> realLines = RealLines.of(2);

  /** @param others for all other lengths; its bits become part of the arithmetic */
  public VectorLines(LineTransforms others) {
    this.others = others;
  }

  /** Bits of a vector on this machine. */
  public static int bits() {
    return Lanes.SPECIES.vectorBitSize();
  }

  private Optional<Passes> passes(int n) {
    if (passes.isEmpty() || passes.get().n() != n)
      passes = Passes.of(n);
    return passes;
  }

  private Optional<RealLines> realLines(int n) {
    if (realLines.isEmpty() || realLines.get().n() != n)
      realLines = RealLines.of(n);
    return realLines;
  }

  private float[] tile(int floats) {
    if (tile.length < floats)
      tile = new float[floats];
    return tile;
  }

  @Override
  public void forwardReal(float[] real, int start, int realStride, float[] half, int re, int im, int halfStride, int n,
      int lines) {
    Optional<RealLines> transform = realLines(n);
    if (transform.isEmpty()) {
      others.forwardReal(real, start, realStride, half, re, im, halfStride, n, lines);
      return;
    }
    RealLines reals = transform.get();
    int step = reals.realStep();
    int second = n * step;
    float[] t = tile(second + (n / 2 + 1) * ELEMENT);
    for (int line = 0; line < lines; line += COUNT) {
      int count = Math.min(COUNT, lines - line);
      if (count < COUNT)
        Arrays.fill(t, 0, second, 0);
      Turns.in(real, start + line * realStride, realStride, t, 0, step, count, n);
      reals.forward(t, 0, second);
      int to = line * halfStride;
      Turns.out(t, second, ELEMENT, half, re + to, halfStride, n / 2 + 1, count);
      Turns.out(t, second + COUNT, ELEMENT, half, im + to, halfStride, n / 2 + 1, count);
    }
  }

  @Override
  public void inverseReal(float[] half, int re, int im, int halfStride, float[] real, int start, int realStride, int n,
      int lines) {
    Optional<RealLines> transform = realLines(n);
    if (transform.isEmpty()) {
      others.inverseReal(half, re, im, halfStride, real, start, realStride, n, lines);
      return;
    }
    RealLines reals = transform.get();
    int step = reals.realStep();
    int second = n * step;
    float[] t = tile(second + (n / 2 + 1) * ELEMENT);
    for (int line = 0; line < lines; line += COUNT) {
      int count = Math.min(COUNT, lines - line);
      if (count < COUNT)
        Arrays.fill(t, second, t.length, 0);
      int from = line * halfStride;
      Turns.in(half, re + from, halfStride, t, second, ELEMENT, count, n / 2 + 1);
      Turns.in(half, im + from, halfStride, t, second + COUNT, ELEMENT, count, n / 2 + 1);
      reals.inverse(t, second, 0);
      Turns.out(t, 0, step, real, start + line * realStride, realStride, n, count);
    }
  }

  @Override
  public void complex(float[] data, int re, int im, int elementStride, int n, int lines, boolean inverse) {
    Optional<Passes> transform = passes(n);
    if (transform.isEmpty()) {
      others.complex(data, re, im, elementStride, n, lines, inverse);
      return;
    }
    for (int line = 0; line < lines; line += COUNT) {
      int count = Math.min(COUNT, lines - line);
      if (count == COUNT)
        bundle(transform.get(), data, re + line, im + line, elementStride, inverse);
      else {
        if (few.length < n * ELEMENT)
          few = new float[n * ELEMENT];
        Rows.fewIn(data, re + line, im + line, elementStride, count, n, few);
        bundle(transform.get(), few, 0, COUNT, ELEMENT, inverse);
        Rows.fewOut(few, data, re + line, im + line, elementStride, count, n);
      }
    }
  }

  private void bundle(Passes passes, float[] data, int re, int im, int stride, boolean inverse) {
    float[] t = tile(passes.n() * ELEMENT);
    if (inverse)
      passes.inverse(data, re, im, stride, t);
    else
      passes.forward(data, re, im, stride, t);
  }

  @Override
  public void solve(float[] data, int re, int im, int elementStride, int n, int lines, Green green) {
    Optional<Passes> transform = passes(n);
    if (transform.isEmpty()) {
      others.solve(data, re, im, elementStride, n, lines, green);
      return;
    }
    Passes complex = transform.get();
    float[] t = tile(n * ELEMENT);
    for (int line = 0; line < lines; line += COUNT) {
      int count = Math.min(COUNT, lines - line);
      boolean zeroMode = false;
      for (int lane = 0; lane < COUNT; lane++) {
        squares[lane] = green.square(line + Math.min(lane, count - 1));
        zeroMode |= squares[lane] == 0;
      }
      if (count == COUNT && !zeroMode)
        complex.solve(data, re + line, im + line, elementStride, t, green, squares);
      else {
        Rows.fewIn(data, re + line, im + line, elementStride, count, n, t);
        complex.solve(t, green, squares);
        Rows.fewOut(t, data, re + line, im + line, elementStride, count, n);
      }
    }
  }
}
