package org.halocline.sampler.tape;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.sampler.support.MemoryDomain;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(300)
class VectorTest {
  private static final long SEED = 41;
  private static final double[][] MATRIX = {{1, -2, 0.5, 3}, {0, 1, 4, -1}};

  private interface Function {
    Vector of(Vector x, Vector y, Scalar s);
  }

  private static Vector one(Scalar scalar) {
    return Vector.of(scalar);
  }

  private static Map<String, Function> linear() {
    Map<String, Function> all = new LinkedHashMap<>();
    all.put("plus", (x, y, _) -> x.plus(y));
    all.put("plus scalar", (x, _, s) -> x.plus(s));
    all.put("minus", (x, y, _) -> x.minus(y));
    all.put("minus scalar", (x, _, s) -> x.minus(s));
    all.put("times double", (x, _, _) -> x.times(-1.25));
    all.put("divided by double", (x, _, _) -> x.dividedBy(4));
    all.put("negate", (x, _, _) -> x.negate());
    all.put("slice", (x, _, _) -> x.slice(1, 3));
    all.put("concat", (x, y, _) -> Vector.concat(y, x, Vector.constant(0), y));
    all.put("of scalars", (x, y, s) -> Vector.of(s, x.get(2), y.get(0), x.get(2)));
    all.put("sum", (x, _, _) -> one(x.sum()));
    all.put("cumulative sum", (x, _, _) -> x.cumulativeSum());
    all.put("product", (x, _, _) -> Vector.product(MATRIX, x));
    return all;
  }

  private static Map<String, Function> curved() {
    Map<String, Function> all = new LinkedHashMap<>();
    all.put("plus double", (x, _, _) -> x.plus(3));
    all.put("minus double", (x, _, _) -> x.minus(3));
    all.put("times", (x, y, _) -> x.times(y));
    all.put("times itself", (x, _, _) -> x.times(x));
    all.put("times scalar", (x, _, s) -> x.times(s));
    all.put("divided by", (x, y, _) -> x.dividedBy(y));
    all.put("divided by scalar", (x, _, s) -> x.dividedBy(s));
    all.put("square", (x, _, _) -> x.square());
    all.put("sqrt", (x, _, _) -> x.sqrt());
    all.put("exp", (x, _, _) -> x.exp());
    all.put("log", (x, _, _) -> x.log());
    all.put("log1p", (x, _, _) -> x.log1p());
    all.put("pow double", (x, _, _) -> x.pow(-1.5));
    all.put("pow scalar", (x, _, s) -> x.pow(s));
    all.put("pow", (x, y, _) -> x.pow(y));
    all.put("tanh", (x, _, _) -> x.tanh());
    all.put("sigmoid", (x, _, _) -> x.negate().sigmoid());
    all.put("abs", (x, y, _) -> x.minus(y).abs());
    all.put("max", (x, y, _) -> x.max(y));
    all.put("max scalar", (x, _, s) -> x.max(s));
    all.put("max double", (x, _, _) -> x.max(0.9));
    all.put("largest", (x, _, _) -> one(x.largest()));
    all.put("dot", (x, y, _) -> one(x.dot(y)));
    all.put("log sum exp", (x, y, _) -> one(x.times(y).logSumExp()));
    all.put("of numbers", (x, y, s) -> one(s.tanh().plus(s.abs()).plus(s.log1p()).plus(s.logGamma()).plus(s.max(0.1))
        .plus(x.get(0).max(y.get(0))).plus(s.square().pow(s)).plus(s.minus(1).negate().abs())));
    return all;
  }

  static Stream<String> functions() {
    return Stream.concat(linear().keySet().stream(), curved().keySet().stream());
  }

  private static Function named(String name) {
    return linear().containsKey(name) ? linear().get(name) : curved().get(name);
  }

  /** Two vectors of four numbers and a scalar, all of them positive. */
  private static double[] point(Random random) {
    return random.doubles(9, 0.3, 1.7).toArray();
  }

  private static double[] forward(Function f, double[] at) {
    return f.of(Vector.constant(Arrays.copyOf(at, 4)), Vector.constant(Arrays.copyOfRange(at, 4, 8)),
        Scalar.constant(at[8])).values();
  }

  /** Jᵀ w. */
  private static double[] reverse(Function f, double[] at, double[] w) {
    Tape tape = Tape.ofNumbers();
    Vector x = tape.leaf(Arrays.copyOf(at, 4));
    Vector y = tape.leaf(Arrays.copyOfRange(at, 4, 8));
    Scalar s = tape.leaf(at[8]);
    tape.reverse(f.of(x, y, s).dot(Vector.constant(w)), List.of());
    return Stream.of(x.cotangent(), y.cotangent(), new double[]{s.cotangent()}).flatMapToDouble(Arrays::stream)
        .toArray();
  }

  private static double dot(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
  }

  @ParameterizedTest
  @MethodSource("functions")
  void shouldDifferentiateAsDifferencesDo(String name) {
    Random random = new Random(SEED);
    System.out.println("seed " + SEED);
    double[] at = point(random);
    Function f = named(name);
    double[] w = random.doubles(forward(f, at).length, -1, 1).toArray();
    double[] exact = reverse(f, at, w);
    double h = 1e-5;
    for (int i = 0; i < at.length; i++) {
      double[] up = at.clone();
      double[] down = at.clone();
      up[i] += h;
      down[i] -= h;
      assertEquals((dot(forward(f, up), w) - dot(forward(f, down), w)) / (2 * h), exact[i],
          2e-8 * Math.max(1, Math.abs(exact[i])), name + " by " + i);
    }
  }

  /** (J x)·w = x·(Jᵀ w). */
  @Test
  void shouldTransposeWhatIsLinear() {
    Random random = new Random(SEED);
    linear().forEach((name, f) -> {
      double[] at = point(random);
      double[] made = forward(f, at);
      double[] w = random.doubles(made.length, -1, 1).toArray();
      assertEquals(dot(made, w), dot(at, reverse(f, at, w)), 1e-14, name);
    });
  }

  @Test
  void shouldComputePointByPoint() {
    Vector x = Vector.constant(1, 4, 9);
    assertArrayEquals(new double[]{1, 2, 3}, x.sqrt().values());
    assertArrayEquals(new double[]{1, 5, 14}, x.cumulativeSum().values());
    assertArrayEquals(new double[]{4, 9}, x.slice(1, 3).values());
    assertArrayEquals(new double[]{2, 4, 9}, x.max(2).values());
    assertArrayEquals(new double[]{14, 13}, Vector.product(new double[][]{{1, 1, 1}, {0, 1, 1}}, x).values());
    assertEquals(9, x.largest().value());
    assertEquals(98, x.dot(x).value());
    assertEquals(1e4 + Math.log(2), Vector.constant(1e4, 1e4, -1e4).logSumExp().value(), 1e-12);
    assertEquals(Double.NEGATIVE_INFINITY,
        Vector.constant(Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY).logSumExp().value());
    assertTrue(x.plus(1).isConstant());
    assertFalse(x.plus(Tape.ofNumbers().leaf(1)).isConstant());
    assertEquals(3, x.size());
  }

  @Test
  void shouldSayWhichLengthsDoNotFit() {
    Vector x = Vector.constant(1, 2, 3);
    assertEquals("a vector of 3 numbers meets one of 2; vectors that meet pointwise must be of one length",
        assertThrows(IllegalArgumentException.class, () -> x.plus(Vector.constant(1, 2))).getMessage());
    assertEquals("place 3 of a vector of 3; places count from 0",
        assertThrows(IndexOutOfBoundsException.class, () -> x.get(3)).getMessage());
    assertEquals("row 0 of the matrix has 4 numbers, but the vector has 3",
        assertThrows(IllegalArgumentException.class, () -> Vector.product(MATRIX, x)).getMessage());
    assertThrows(IndexOutOfBoundsException.class, () -> x.slice(2, 1));
    assertThrows(IllegalArgumentException.class, () -> Vector.constant().largest());
  }

  /** Of (x, s): s x and x·x, each a vector. */
  private record Scaled() implements Operation {
    @Override
    public List<Value> forward(Values inputs) {
      Vector x = inputs.vector(0);
      return List.of(x.times(inputs.number(1)), Vector.of(x.dot(x)));
    }

    @Override
    public void reverse(Values inputs, Pullback pullback) {
      double[] x = inputs.vector(0).values();
      double[] byX = new double[x.length];
      for (int i = 0; i < x.length; i++)
        byX[i] = inputs.number(1) * pullback.ofVector(0)[i] + 2 * x[i] * pullback.ofVector(1)[0];
      pullback.toVector(0, byX);
      pullback.toNumber(1, dot(x, pullback.ofVector(0)));
    }
  }

  @Test
  void shouldPassThroughAnOperationAlikeOnEveryRank() throws Exception {
    Mesh mesh = new Mesh(4, 6, 4, 1, 1, 1);
    MemoryDomain.run(Decomposition.even(mesh, 2, 2), scope -> {
      Tape tape = new Tape(scope);
      Vector x = tape.leaf(new double[]{1, 2, 3});
      Scalar s = tape.leaf(5);
      Values made = tape.apply(new Scaled(), x, s);
      assertArrayEquals(new double[]{5, 10, 15}, made.vector(0).values());
      tape.reverse(made.vector(0).dot(Vector.constant(1, 10, 100)).plus(made.vector(1).get(0).times(2)), List.of());
      assertArrayEquals(new double[]{9, 58, 512}, x.cotangent());
      assertEquals(321, s.cotangent());
      assertEquals("value 1 is a Scalar, not a Vector",
          assertThrows(IllegalArgumentException.class, () -> new Values(List.of(x, s)).vector(1)).getMessage());
      return 0;
    });
  }

  /** Ranks may share a constant, such as a parameter of a distribution that is made once. */
  @Test
  void shouldLeaveConstantsAlone() {
    Scalar two = Scalar.constant(2);
    Tape tape = Tape.ofNumbers();
    Scalar x = tape.leaf(3.0);
    tape.reverse(x.times(two).plus(Vector.of(x, two).times(two).sum()), List.of());
    assertEquals(4, x.cotangent());
    assertEquals(0, two.cotangent());
  }

  /** Values of mpmath. */
  @Test
  void shouldFindTheDigammaFunction() {
    assertEquals(-0.57721566490153286061, Scalar.digamma(1), 1e-15);
    assertEquals(-1.9635100260214234794, Scalar.digamma(0.5), 2e-15);
    assertEquals(-1000.5755719318103005, Scalar.digamma(1e-3), 2e-13);
    assertEquals(2.2517525890667211076, Scalar.digamma(10), 1e-15);
    assertEquals(13.815510057964191171, Scalar.digamma(1e6), 2e-15);
    assertEquals(Double.NaN, Scalar.digamma(0));
  }
}
