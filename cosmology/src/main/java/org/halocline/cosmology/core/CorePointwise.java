package org.halocline.cosmology.core;

import org.halocline.cosmology.core.pointwise.PointwiseLines;
import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.Pointwise;

/** Runs of elements, one after another. */
record CorePointwise(PointwiseLines lines, Runnable poll) implements Pointwise {
  /** Elements of a run. */
  private static final int RUN = 1 << 12;

  /** What is done to elements [from, to). */
  private interface Run {
    void on(int from, int to);
  }

  private void forEachRun(int size, Run run) {
    for (int from = 0; from < size; from += RUN) {
      poll.run();
      run.on(from, Math.min(size, from + RUN));
    }
  }

  @Override
  public void apply(Function f, double parameter, Floats x, Floats out) {
    float[] xs = CoreFields.of(x);
    float[] outs = CoreFields.of(out);
    forEachRun(xs.length, (from, to) -> lines.apply(f, parameter, xs, outs, from, to));
  }

  @Override
  public void transpose(Function f, double parameter, Floats x, Floats cotangent, Floats out) {
    float[] xs = CoreFields.of(x);
    float[] cotangents = CoreFields.of(cotangent);
    float[] outs = CoreFields.of(out);
    forEachRun(xs.length, (from, to) -> lines.transpose(f, parameter, xs, cotangents, outs, from, to));
  }

  @Override
  public void parameterTranspose(double exponent, Floats x, Floats cotangent, int nz, ExactSum sum) {
    float[] xs = CoreFields.of(x);
    float[] cotangents = CoreFields.of(cotangent);
    double[] terms = new double[nz];
    for (int start = 0; start < xs.length; start += nz) {
      poll.run();
      lines.byExponent(exponent, xs, cotangents, start, terms, nz);
      double line = 0;
      for (double term : terms)
        line += term;
      sum.add(line);
    }
  }

  @Override
  public void multiply(Floats x, Floats y, Floats out) {
    float[] xs = CoreFields.of(x);
    float[] ys = CoreFields.of(y);
    float[] outs = CoreFields.of(out);
    for (int i = 0; i < xs.length; i++)
      outs[i] = xs[i] * ys[i];
  }

  @Override
  public void divide(Floats x, Floats y, Floats out) {
    float[] xs = CoreFields.of(x);
    float[] ys = CoreFields.of(y);
    float[] outs = CoreFields.of(out);
    for (int i = 0; i < xs.length; i++)
      outs[i] = xs[i] / ys[i];
  }

  @Override
  public void affine(double a, Floats x, double b, Floats out) {
    float[] xs = CoreFields.of(x);
    float[] outs = CoreFields.of(out);
    for (int i = 0; i < xs.length; i++)
      outs[i] = (float) (a * xs[i] + b);
  }

  @Override
  public void max(Floats x, Floats y, Floats out) {
    lines.max(CoreFields.of(x), CoreFields.of(y), CoreFields.of(out), 0, x.size());
  }

  @Override
  public void maxTranspose(Floats x, Floats y, Floats cotangent, Floats outX) {
    lines.maxTranspose(CoreFields.of(x), CoreFields.of(y), CoreFields.of(cotangent), CoreFields.of(outX), 0, x.size());
  }

  @Override
  public void sum(Floats x, int nz, double factor, ExactSum sum) {
    float[] xs = CoreFields.of(x);
    for (int start = 0; start < xs.length; start += nz)
      sum.add(factor * LineSums.plain(xs, start, nz));
  }

  /** 0 · x is 0 of a finite x and NaN of any other. */
  @Override
  public boolean allFinite(Floats x) {
    float[] xs = CoreFields.of(x);
    boolean finite = true;
    for (int from = 0; from < xs.length && finite; from += RUN) {
      float sum = 0;
      for (int i = from; i < Math.min(xs.length, from + RUN); i++)
        sum += 0 * xs[i];
      finite = sum == 0;
    }
    return finite;
  }

  @Override
  public double least(Floats x) {
    float least = Float.POSITIVE_INFINITY;
    for (float value : CoreFields.of(x))
      least = Math.min(least, value);
    return least;
  }
}
