package org.halocline.cosmology.fft.vector;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.halocline.cosmology.fft.vector.Butterflies.Shape;

/**
 * Writes the code of {@link Butterflies}: the loops over blocks and butterflies, and in them the loads, one butterfly,
 * its twiddle factors and the stores, as straight-line code on vectors in local variables. HotSpot keeps a vector in a
 * register only within one compiled method. So a butterfly cannot be a method of its own, and by hand it would be
 * repeated for every way in and out of a tile.
 */
final class ButterflyCode {
  private static final ClassDesc PARENT = Butterflies.class.describeConstable().orElseThrow();
  private static final ClassDesc SELF = ClassDesc.of(Butterflies.class.getPackageName(), "GeneratedButterflies");
  private static final MethodType FIELDS = MethodType.methodType(void.class, int.class, float[].class, int[].class);
  private static final MethodType RUN = MethodType.methodType(void.class, float[].class, int.class, int.class,
      float[].class, int.class, int.class, int.class);
  // The parameters of run, by their local variables.
  private static final int TILE = 1;
  private static final int AT = 2;
  private static final int BLOCKS = 3;
  private static final int DATA = 4;
  private static final int RE = 5;
  private static final int IM = 6;
  private static final int STRIDE = 7;

  /** A complex vector: the local variables of its parts. */
  private record Complex(int re, int im) {}

  private final Shape shape;
  private final int radix;
  private final VectorCode code;
  private final int zero;
  private final int count;
  private final int table;
  /** Where the elements of the present butterfly are in the tile, and in the rows. */
  private int[] tileAt = new int[0];
  private int[] rowAt = new int[0];
  /** Where the factors of the present butterfly begin. */
  private int factors;

  private ButterflyCode(Shape shape, CodeBuilder builder) {
    this.shape = shape;
    this.radix = shape.radix();
    this.code = new VectorCode(builder);
    this.zero = code.constant(0);
    this.count = code.constant(Lanes.COUNT);
    this.table = code.field(Butterflies.class, "table", float[].class);
  }

  /** A constructor of passes of a shape, which takes their fields. */
  static MethodHandle constructor(Shape shape) {
    MethodTypeDesc fields = FIELDS.describeConstable().orElseThrow();
    MethodTypeDesc run = RUN.describeConstable().orElseThrow();
    byte[] bytes = ClassFile.of().build(SELF, type -> type.withSuperclass(PARENT)
        .withMethodBody(ConstantDescs.INIT_NAME, fields, 0, code -> code.aload(0).iload(1).aload(2).aload(3)
            .invokespecial(PARENT, ConstantDescs.INIT_NAME, fields).return_())
        .withMethodBody("run", run, 0, code -> new ButterflyCode(shape, code).pass()));
    try {
      MethodHandles.Lookup hidden = MethodHandles.lookup().defineHiddenClass(bytes, true);
      return hidden.findConstructor(hidden.lookupClass(), FIELDS)
          .asType(FIELDS.changeReturnType(Butterflies.class));
    } catch (IllegalAccessException | NoSuchMethodException e) {
      throw new IllegalStateException("the code of " + shape + " cannot be used", e);
    }
  }

  private void pass() {
    int element = code.constant(Lanes.ELEMENT);
    int q = shape.twiddled() ? code.field(Butterflies.class, "q", int.class) : code.constant(1);
    int tileStep = code.times(q, element);
    int tileBlock = code.times(tileStep, code.constant(radix));
    int frequency = code.field(Butterflies.class, "frequency", int[].class);
    int rowStep = code.times(code.dividedBy(code.length(frequency), radix), STRIDE);
    int firstElement = code.dividedBy(AT, Lanes.ELEMENT);
    Runnable butterfly = butterfly();
    if (shape.twiddled() && shape.rows())
      code.loop(q, k -> {
        factors = code.times(k, code.constant(Twiddle.FLOATS * (radix - 1)));
        tileAt = steps(code.times(k, element), tileStep);
        rowAt = steps(code.times(k, STRIDE), rowStep);
        butterfly.run();
      });
    else if (shape.twiddled())
      code.loop(BLOCKS, block -> {
        int[] first = steps(code.add(AT, code.times(block, tileBlock)), tileStep);
        code.loop(q, k -> {
          factors = code.times(k, code.constant(Twiddle.FLOATS * (radix - 1)));
          tileAt = moved(first, code.times(k, element));
          butterfly.run();
        });
      });
    else
      code.loop(BLOCKS, block -> {
        tileAt = steps(code.add(AT, code.times(block, tileBlock)), tileStep);
        if (shape.rows()) {
          int e = code.add(firstElement, code.times(block, code.constant(radix)));
          rowAt = steps(code.times(code.element(frequency, e), STRIDE), rowStep);
        }
        butterfly.run();
      });
    code.end();
  }

  private int[] steps(int first, int step) {
    int[] at = new int[radix];
    at[0] = first;
    for (int j = 1; j < radix; j++)
      at[j] = code.add(at[j - 1], step);
    return at;
  }

  private int[] moved(int[] from, int by) {
    int[] at = new int[radix];
    for (int j = 0; j < radix; j++)
      at[j] = code.add(from[j], by);
    return at;
  }

  /** Writes what comes before all loops; the result writes one butterfly. */
  private Runnable butterfly() {
    switch (radix) {
      case 2 :
        return this::two;
      case 4 :
        return this::four;
      case 8 :
        int root = code.broadcast((float) StrictMath.sqrt(0.5));
        int minusRoot = code.broadcast(-(float) StrictMath.sqrt(0.5));
        return () -> eight(root, minusRoot);
      default :
        int[] cos = new int[radix / 2 + 1];
        int[] sin = new int[radix];
        for (int j = 1; j <= radix / 2; j++) {
          float sine = (float) StrictMath.sin(2 * j * StrictMath.PI / radix);
          cos[j] = code.broadcast((float) StrictMath.cos(2 * j * StrictMath.PI / radix));
          sin[j] = code.broadcast(sine);
          sin[radix - j] = code.broadcast(-sine);
        }
        return () -> odd(cos, sin);
    }
  }

  private Complex[] elements() {
    Complex[] z = new Complex[radix];
    for (int j = 0; j < radix; j++)
      z[j] = in(j);
    return z;
  }

  /** Element j of the butterfly, in an inverse pass times its factor, conjugated. */
  private Complex in(int j) {
    int re = shape.fromRows() ? code.load(DATA, RE, rowAt[j]) : code.load(TILE, tileAt[j], zero);
    int im = shape.fromRows() ? code.load(DATA, IM, rowAt[j]) : code.load(TILE, tileAt[j], count);
    if (!shape.inverse() || !hasFactor(j))
      return new Complex(re, im);
    int cos = factor(j, 0);
    return new Complex(code.fma(im, factor(j, 2), code.product(re, cos)),
        code.fma(re, factor(j, 1), code.product(im, cos)));
  }

  /**
   * Writes element j of the forward butterfly, times its factor; the inverse one has the same elements in the other
   * order.
   */
  private void out(int j, int re, int im) {
    if (shape.inverse())
      store(new Complex(re, im), (radix - j) % radix);
    else if (!hasFactor(j))
      store(new Complex(re, im), j);
    else {
      int cos = factor(j, 0);
      storeRe(code.fma(im, factor(j, 1), code.product(re, cos)), j);
      storeIm(code.fma(re, factor(j, 2), code.product(im, cos)), j);
    }
  }

  private boolean hasFactor(int j) {
    return shape.twiddled() && j > 0;
  }

  /** Of the factor of element j the cosine, the sine or the negative sine. */
  private int factor(int j, int part) {
    return code.broadcast(table, factors, Twiddle.FLOATS * (j - 1) + part);
  }

  private void store(Complex value, int to) {
    storeRe(value.re, to);
    storeIm(value.im, to);
  }

  private void storeRe(int re, int to) {
    if (shape.toRows())
      code.store(re, DATA, RE, rowAt[to]);
    else
      code.store(re, TILE, tileAt[to], zero);
  }

  private void storeIm(int im, int to) {
    if (shape.toRows())
      code.store(im, DATA, IM, rowAt[to]);
    else
      code.store(im, TILE, tileAt[to], count);
  }

  private Complex plus(Complex a, Complex b) {
    return new Complex(code.plus(a.re, b.re), code.plus(a.im, b.im));
  }

  private Complex minus(Complex a, Complex b) {
    return new Complex(code.minus(a.re, b.re), code.minus(a.im, b.im));
  }

  private void outSum(int j, Complex a, Complex b) {
    out(j, code.plus(a.re, b.re), code.plus(a.im, b.im));
  }

  private void outDifference(int j, Complex a, Complex b) {
    out(j, code.minus(a.re, b.re), code.minus(a.im, b.im));
  }

  /** a − i b. */
  private void outMinusI(int j, Complex a, Complex b) {
    out(j, code.plus(a.re, b.im), code.minus(a.im, b.re));
  }

  /** a + i b. */
  private void outPlusI(int j, Complex a, Complex b) {
    out(j, code.minus(a.re, b.im), code.plus(a.im, b.re));
  }

  private void two() {
    Complex[] z = elements();
    outSum(0, z[0], z[1]);
    outDifference(1, z[0], z[1]);
  }

  private void four() {
    Complex[] z = elements();
    Complex s = plus(z[0], z[2]);
    Complex d = minus(z[0], z[2]);
    Complex u = plus(z[1], z[3]);
    Complex v = minus(z[1], z[3]);
    outSum(0, s, u);
    outMinusI(1, d, v);
    outDifference(2, s, u);
    outPlusI(3, d, v);
  }

  /** Two butterflies of 4, of the even and of the odd elements, and factors of √½. */
  private void eight(int root, int minusRoot) {
    Complex[] z = elements();
    Complex a = plus(z[0], z[4]);
    Complex b = plus(z[2], z[6]);
    Complex c = plus(z[1], z[5]);
    Complex d = plus(z[3], z[7]);
    Complex e = plus(a, b);
    Complex f = minus(a, b);
    Complex g = plus(c, d);
    Complex h = minus(c, d);
    outSum(0, e, g);
    outDifference(4, e, g);
    outMinusI(2, f, h);
    outPlusI(6, f, h);
    a = minus(z[0], z[4]);
    b = minus(z[2], z[6]);
    c = minus(z[1], z[5]);
    d = minus(z[3], z[7]);
    e = new Complex(code.plus(a.re, b.im), code.minus(a.im, b.re));
    f = new Complex(code.minus(a.re, b.im), code.plus(a.im, b.re));
    Complex sum = plus(c, d);
    Complex difference = minus(c, d);
    int gr = code.plus(difference.re, sum.im);
    int gi = code.minus(difference.im, sum.re);
    int hr = code.plus(sum.re, difference.im);
    int hi = code.minus(sum.im, difference.re);
    out(1, code.fma(gr, root, e.re), code.fma(gi, root, e.im));
    out(5, code.fma(gr, minusRoot, e.re), code.fma(gi, minusRoot, e.im));
    out(3, code.fma(hi, root, f.re), code.fma(hr, minusRoot, f.im));
    out(7, code.fma(hi, minusRoot, f.re), code.fma(hr, root, f.im));
  }

  /** An odd radix p, by the sums and differences of elements j and p − j. */
  private void odd(int[] cos, int[] sin) {
    int half = radix / 2;
    Complex[] z = elements();
    Complex[] sums = new Complex[half + 1];
    Complex[] differences = new Complex[half + 1];
    for (int m = 1; m <= half; m++) {
      sums[m] = plus(z[m], z[radix - m]);
      differences[m] = minus(z[m], z[radix - m]);
    }
    Complex all = z[0];
    for (int m = 1; m <= half; m++)
      all = plus(all, sums[m]);
    out(0, all.re, all.im);
    for (int j = 1; j <= half; j++) {
      Complex even = z[0];
      Complex turned = new Complex(code.product(differences[1].re, sin[j]), code.product(differences[1].im, sin[j]));
      for (int m = 1; m <= half; m++) {
        int phase = j * m % radix;
        int cosine = cos[Math.min(phase, radix - phase)];
        even = new Complex(code.fma(sums[m].re, cosine, even.re), code.fma(sums[m].im, cosine, even.im));
        if (m > 1)
          turned = new Complex(code.fma(differences[m].re, sin[phase], turned.re),
              code.fma(differences[m].im, sin[phase], turned.im));
      }
      outMinusI(j, even, turned);
      outPlusI(radix - j, even, turned);
    }
  }
}
