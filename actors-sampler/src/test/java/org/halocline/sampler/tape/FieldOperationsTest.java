package org.halocline.sampler.tape;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.random.NoiseKey;
import org.halocline.sampler.support.MemoryDomain;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The operations on fields: derivatives, the same bits on every layout, and memory. */
@Timeout(300)
class FieldOperationsTest {
  private static final Mesh MESH = new Mesh(4, 6, 5, 3, 2, 4);
  private static final Mesh SKY = new Mesh(6, 1, 7, 2, 1, 3);
  private static final List<int[]> LAYOUTS = List.of(new int[]{1, 1}, new int[]{2, 1}, new int[]{1, 3},
      new int[]{2, 2});

  /** Two positive fields and a number go in, a field comes out. */
  private interface Expression {
    Sharded of(Sharded x, Sharded y, Scalar s);
  }

  private static Map<String, Expression> expressions() {
    Map<String, Expression> all = new TreeMap<>();
    all.put("plus", (x, y, _) -> x.plus(y));
    all.put("plus itself", (x, _, _) -> x.plus(x));
    all.put("plus number", (x, _, s) -> x.plus(s));
    all.put("plus constant", (x, _, _) -> x.plus(2.5));
    all.put("minus", (x, y, _) -> x.minus(y));
    all.put("minus number", (x, _, s) -> x.minus(s));
    all.put("times", (x, y, _) -> x.times(y));
    all.put("times itself", (x, _, _) -> x.times(x));
    all.put("times number", (x, _, s) -> x.times(s));
    all.put("times constant", (x, _, _) -> x.times(-0.5));
    all.put("divided", (x, y, _) -> x.dividedBy(y));
    all.put("divided by itself and more", (x, _, _) -> x.dividedBy(x.plus(1)));
    all.put("divided by number", (x, _, s) -> x.dividedBy(s));
    all.put("max", (x, y, _) -> x.max(y));
    all.put("max of constant", (x, _, _) -> x.max(1.1));
    all.put("exp", (x, _, _) -> x.exp());
    all.put("log", (x, _, _) -> x.log());
    all.put("log1p", (x, _, _) -> x.log1p());
    all.put("tanh", (x, _, _) -> x.tanh());
    all.put("sqrt", (x, _, _) -> x.sqrt());
    all.put("square", (x, _, _) -> x.square());
    all.put("sigmoid", (x, _, _) -> x.sigmoid());
    all.put("abs", (x, _, _) -> x.minus(1).abs());
    all.put("pow", (x, _, _) -> x.pow(1.7));
    all.put("pow number", (x, _, s) -> x.pow(s));
    all.put("there and back", (x, _, _) -> x.fourier().real());
    all.put("sums of modes", (x, y, s) -> x.fourier().times(s).plus(y.fourier()).real());
    all.put("numbers from fields", (x, y, s) -> x.times(y.sum().times(0.01)).plus(x.dot(y).times(0.01)).plus(x.mean()));
    all.put("modes' product", (x, y, s) -> x.times(x.fourier().dot(y.fourier()).times(1e-4)).times(s));
    all.put("filter", (x, _, s) -> x.fourier().filter(k -> k.pow(s.negate()).times(s), 0.4).real());
    all.put("filter of constants", (x, _, _) -> x.fourier().filter(k -> k.pow(-0.5)).real());
    all.put("matrix of filters", (x, y, s) -> {
      List<Sharded> mixed = Sharded.mix(List.of(x.fourier(), y.fourier()), List.of(
          List.of(k -> k.pow(s.negate()), k -> k.times(s)), List.of(k -> k.times(-0.3), k -> k.square().times(s))),
          0.7);
      return mixed.get(0).real().plus(mixed.get(1).real().times(x));
    });
    all.put("matrix of one field twice", (x, _, s) -> {
      Sharded modes = x.fourier();
      return Sharded.mix(List.of(modes, modes), List.of(List.of(k -> k.times(s), k -> k), List.of(k -> k, k -> k)), 0)
          .getFirst().real();
    });
    all.put("derivative", (x, _, _) -> x.fourier().gradient(0).real().plus(x.fourier().gradient(2).real()));
    all.put("inverse laplacian", (x, _, s) -> x.fourier().inverseLaplacian().times(s).real());
    all.put("shells", (x, y, s) -> x.times(x.fourier().shells(y.fourier(), 0, 3, 6).sum().times(1e-4)).times(s));
    all.put("power", (x, _, _) -> {
      Sharded modes = x.fourier();
      return x.times(modes.shells(modes, 1, 4, 7).dot(Vector.constant(1e-4, -2e-4)));
    });
    all.put("to rank 0 and back", (x, _, _) -> x.tape().scattered(x.gathered(), x.decomposition().mesh()).times(x));
    all.put("several readers",
        (x, y, s) -> x.exp().times(y).plus(x.exp().log().times(s)).minus(x.times(y).square().times(0.1)));
    all.put("nothing of the second", (x, _, _) -> x.negate());
    return all;
  }

  static Stream<String> names() {
    return expressions().keySet().stream();
  }

  private static Field.Floats positive(RankScope scope, Decomposition cut, int stream) {
    Field.Floats field = scope.kernels().memory().floats(cut.block(scope.rank()).size());
    scope.kernels().vectors().normal(field, cut, scope.rank(), new NoiseKey(4, NoiseKey.Purpose.TEST, 0, stream, 0));
    scope.kernels().vectors().scale(0.15f, field);
    scope.kernels().pointwise().affine(1, field, 1.2, field);
    return field;
  }

  private static double dot(RankScope scope, Decomposition cut, Field.Floats a, Field.Floats b) {
    ExactSum sum = new ExactSum();
    scope.kernels().vectors().dot(a, b, cut.mesh().nz(), 1, sum);
    scope.collectives().sum(sum);
    return sum.value();
  }

  /** A point, its directions, and memory for gradients. */
  private static final class Point {
    final RankScope scope;
    final Decomposition cut;
    final Field.Floats x;
    final Field.Floats y;
    final Field.Floats weights;
    final Field.Floats byX;
    final Field.Floats byY;
    final Field.Floats alongX;
    final Field.Floats alongY;

    Point(RankScope scope, Mesh mesh) {
      this.scope = scope;
      this.cut = scope.decomposition(mesh);
      this.x = positive(scope, cut, 0);
      this.y = positive(scope, cut, 1);
      this.weights = positive(scope, cut, 2);
      this.alongX = positive(scope, cut, 3);
      this.alongY = positive(scope, cut, 4);
      this.byX = scope.kernels().memory().floats(x.size());
      this.byY = scope.kernels().memory().floats(x.size());
      scope.kernels().pointwise().affine(-0.7, alongY, 0.3, alongY);
    }

    /** Σ w f(x, y, s), its derivative by s, and those along the directions. */
    double[] evaluate(Expression expression, double s, Lifetimes lifetimes) {
      Tape tape = new Tape(scope, lifetimes);
      Sharded leafX = tape.leaf(x, byX, cut);
      Sharded leafY = tape.leaf(y, byY, cut);
      Scalar number = tape.leaf(s);
      Scalar root = expression.of(leafX, leafY, number).dot(Sharded.constant(weights, cut));
      tape.reverse(root, List.of(leafX, leafY));
      return new double[]{root.value(), number.cotangent(), dot(scope, cut, byX, alongX), dot(scope, cut, byY, alongY)};
    }

    void move(double step) {
      scope.kernels().vectors().add((float) step, alongX, x);
      scope.kernels().vectors().add((float) step, alongY, y);
    }
  }

  private static double[] run(RankScope scope, Mesh mesh, String name) {
    Point point = new Point(scope, mesh);
    Expression expression = expressions().get(name);
    double[] here = point.evaluate(expression, 1.3, Lifetimes.UNKNOWN);

    Lifetimes lifetimes = new Lifetimes();
    lifetimes.start();
    assertArrayEquals(here, point.evaluate(expression, 1.3, lifetimes), 0.0, "noting");
    lifetimes.finish();
    scope.forgetScratch();
    assertArrayEquals(here, point.evaluate(expression, 1.3, lifetimes), 0.0, "with lifetimes");
    Map<String, Long> allocated = Map.copyOf(scope.allocated());
    assertArrayEquals(here, point.evaluate(expression, 1.3, lifetimes), 0.0, "again");
    assertEquals(allocated, scope.allocated());

    double step = 1.0 / 128;
    point.move(step);
    double after = point.evaluate(expression, 1.3 + step, lifetimes)[0];
    point.move(-2 * step);
    double before = point.evaluate(expression, 1.3 - step, lifetimes)[0];
    double slope = (after - before) / (2 * step);
    // Some cells cross a kink within the step.
    double tolerance = name.startsWith("max") || name.equals("abs") ? 0.1 : 2e-3;
    assertEquals(slope, here[1] + here[2] + here[3], tolerance * Math.max(1, Math.abs(slope)), name);
    return here;
  }

  @ParameterizedTest
  @MethodSource("names")
  void shouldHaveExactAdjointsAndOneAnswerOnEveryLayout(String name) throws Exception {
    for (Mesh mesh : List.of(MESH, SKY)) {
      List<double[]> found = new ArrayList<>();
      for (int[] layout : LAYOUTS)
        found.addAll(MemoryDomain.run(Decomposition.even(MESH, layout[0], layout[1]), scope -> run(scope, mesh, name)));
      for (double[] one : found)
        assertArrayEquals(found.getFirst(), one, 0.0, name + " " + mesh);
    }
  }

  /** Eight products in a row keep their inputs, eight sums in a row keep nothing. */
  @Test
  void shouldGiveMemoryBackThatNothingNeeds() throws Exception {
    MemoryDomain.alone(Decomposition.even(MESH, 1, 1), scope -> {
      long field = 4 * MESH.size();
      Expression sums = (x, y, _) -> {
        Sharded sum = x.plus(y);
        for (int i = 0; i < 8; i++)
          sum = sum.plus(x).times(0.5);
        return sum;
      };
      assertTrue(bytes(scope, sums) <= 2 * field, bytes(scope, sums) + " bytes");
      Expression products = (x, y, _) -> {
        Sharded product = x.times(y);
        for (int i = 0; i < 8; i++)
          product = product.times(x);
        return product;
      };
      assertTrue(bytes(scope, products) >= 8 * field, bytes(scope, products) + " bytes");
      return 0;
    });
  }

  private static long bytes(RankScope scope, Expression expression) {
    Point point = new Point(scope, MESH);
    Lifetimes lifetimes = new Lifetimes();
    lifetimes.start();
    point.evaluate(expression, 1, lifetimes);
    lifetimes.finish();
    scope.forgetScratch();
    point.evaluate(expression, 1, lifetimes);
    return scope.allocated().values().stream().mapToLong(Long::longValue).sum();
  }

  @Test
  void shouldNameTheGridsThatDoNotFit() throws Exception {
    MemoryDomain.alone(Decomposition.even(MESH, 1, 1), scope -> {
      Tape tape = new Tape(scope);
      Sharded x = tape.leaf(positive(scope, scope.decomposition(), 0), positive(scope, scope.decomposition(), 1),
          scope.decomposition());
      Decomposition sky = scope.decomposition(SKY);
      Sharded other = Sharded.constant(positive(scope, sky, 0), sky);
      assertEquals("plus joins a field of 4 × 6 × 5 cells and a field of 6 × 7 cells; both must be of one grid, cut "
          + "alike, and both cells or both modes",
          assertThrows(IllegalArgumentException.class, () -> x.plus(other)).getMessage());
      assertEquals("exp is for the cells of a field, but was given the modes of 4 × 6 × 5 cells; bring them back by "
          + "real() first",
          assertThrows(IllegalArgumentException.class, () -> x.fourier().exp()).getMessage());
      assertEquals("an expression of data alone is on no tape; begin it with p.constant(data)",
          assertThrows(IllegalStateException.class, () -> other.plus(other)).getMessage());
      return 0;
    });
  }

  @Test
  void shouldNoticeAProgramThatChanges() throws Exception {
    MemoryDomain.alone(Decomposition.even(MESH, 1, 1), scope -> {
      Point point = new Point(scope, MESH);
      Lifetimes lifetimes = new Lifetimes();
      lifetimes.start();
      point.evaluate((x, y, _) -> x.plus(y), 1, lifetimes);
      lifetimes.finish();
      String message = assertThrows(IllegalStateException.class,
          () -> point.evaluate((x, y, _) -> x.times(y), 1, lifetimes)).getMessage();
      assertEquals("the program changed between runs: operation 0 is Product, it was Combined; a program must run the "
          + "same operations for all values", message);
      return 0;
    });
  }
}
