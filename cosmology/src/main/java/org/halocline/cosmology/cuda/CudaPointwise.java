package org.halocline.cosmology.cuda;

import org.halocline.cosmology.cuda.device.DeviceQueue;
import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.Pointwise;

/**
 * Element by element. Every term of a sum is rounded to fixed point by itself: sums depend on neither lines nor
 * launches.
 */
record CudaPointwise(DeviceQueue queue, Answer answer) implements Pointwise {
  private static final long ALL_PLACES = 0xffffffffL;

  private KernelCall call(String kernel) {
    return new KernelCall(queue, kernel);
  }

  @Override
  public void apply(Function f, double parameter, Floats x, Floats out) {
    call("apply_function").with(f.ordinal()).with(parameter).with(Pointwise.signOfPower(parameter)).with(x).with(out)
        .with(x.size()).overElements(x.size());
  }

  @Override
  public void transpose(Function f, double parameter, Floats x, Floats cotangent, Floats out) {
    call("pull_back_function").with(f.ordinal()).with(parameter).with(Pointwise.signOfPower(parameter - 1)).with(x)
        .with(cotangent).with(out).with(x.size()).overElements(x.size());
  }

  @Override
  public void parameterTranspose(double exponent, Floats x, Floats cotangent, int nz, ExactSum sum) {
    call("power_by_exponent").with(exponent).with(x).with(cotangent).with(x.size()).with(answer.cleared())
        .overElements(x.size());
    answer.await().addTo(sum);
  }

  private void ofTwo(String kernel, Floats x, Floats y, Floats out) {
    call(kernel).with(x).with(y).with(out).with(x.size()).overElements(x.size());
  }

  @Override
  public void multiply(Floats x, Floats y, Floats out) {
    ofTwo("multiply_fields", x, y, out);
  }

  @Override
  public void divide(Floats x, Floats y, Floats out) {
    ofTwo("divide_fields", x, y, out);
  }

  @Override
  public void affine(double a, Floats x, double b, Floats out) {
    call("affine").with(a).with(x).with(b).with(out).with(x.size()).overElements(x.size());
  }

  @Override
  public void max(Floats x, Floats y, Floats out) {
    ofTwo("max_fields", x, y, out);
  }

  @Override
  public void maxTranspose(Floats x, Floats y, Floats cotangent, Floats outX) {
    call("max_transpose").with(x).with(y).with(cotangent).with(outX).with(x.size()).overElements(x.size());
  }

  @Override
  public void sum(Floats x, int nz, double factor, ExactSum sum) {
    call("sum_field").with(x).with(x.size()).with(factor).with(answer.cleared()).overElements(x.size());
    answer.await().addTo(sum);
  }

  @Override
  public boolean allFinite(Floats x) {
    call("count_not_finite").with(x).with(x.size()).with(answer.cleared()).overElements(x.size());
    return answer.await().total() == 0;
  }

  /** The kernel answers how many of all 2^32 floats in order lie above the least; more than that for NaN. */
  @Override
  public double least(Floats x) {
    if (x.size() == 0)
      return Double.POSITIVE_INFINITY;
    call("least").with(x).with(x.size()).with(answer.cleared()).overElements(x.size());
    long above = answer.await().largestInteger();
    if (above > ALL_PLACES)
      return Double.NaN;
    int place = (int) (ALL_PLACES - above);
    return Float.intBitsToFloat(place < 0 ? place & Integer.MAX_VALUE : ~place);
  }
}
