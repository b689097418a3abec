package org.halocline.sampler.tape;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.random.NoiseKey;
import org.halocline.sampler.support.MemoryDomain;
import org.halocline.sampler.support.Mixer;
import org.halocline.sampler.support.Shift;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class OperationTest {
  private static final Mesh MESH = new Mesh(4, 6, 4, 1, 1, 1);

  private static Field.Floats noise(RankScope scope, int stream) {
    Field.Floats field = scope.kernels().memory().floats(scope.block().size());
    scope.kernels().vectors().normal(field, scope.decomposition(), scope.rank(),
        new NoiseKey(9, NoiseKey.Purpose.TEST, 0, stream, 0));
    return field;
  }

  private static double dot(RankScope scope, Field.Floats a, Field.Floats b) {
    ExactSum sum = new ExactSum();
    scope.kernels().vectors().dot(a, b, scope.block().nz(), 1, sum);
    scope.collectives().sum(sum);
    return sum.value();
  }

  /** Of linear J: (J x)·y = x·(Jᵀ y), with two fields and a number on one side, a field and a number on the other. */
  private static double[] sides(RankScope scope) {
    Mixer mixer = new Mixer(scope, noise(scope, 0));
    Field.Floats a = noise(scope, 1);
    Field.Floats b = noise(scope, 2);
    Field.Floats weights = noise(scope, 3);
    Field.Floats byA = scope.kernels().memory().floats(a.size());
    Field.Floats byB = scope.kernels().memory().floats(a.size());
    Tape tape = new Tape(scope);
    Sharded leafA = tape.leaf(a, byA, scope.decomposition());
    Sharded leafB = tape.leaf(b, byB, scope.decomposition());
    Scalar s = tape.leaf(0.7);
    Values made = tape.apply(mixer, leafA, leafB, s);
    double forward = dot(scope, made.field(0), weights) + 1.5 * made.number(1);
    Scalar root = tape.apply(new Weighted(scope, weights), made.sharded(0)).scalar(0)
        .plus(made.scalar(1).times(1.5));
    tape.reverse(root, List.of(leafA, leafB));
    return new double[]{forward, root.value(), dot(scope, a, byA) + dot(scope, b, byB) + 0.7 * s.cotangent()};
  }

  private record Weighted(RankScope scope, Field.Floats weights) implements Operation {
    @Override
    public List<Value> forward(Values inputs) {
      return List.of(Scalar.constant(dot(scope, inputs.field(0), weights)));
    }

    @Override
    public void reverse(Values inputs, Pullback pullback) {
      scope.kernels().vectors().fill(pullback.toField(0), 0);
      scope.kernels().vectors().add((float) pullback.ofNumber(0), weights, pullback.toField(0));
    }
  }

  @Test
  void shouldTransposeAnOperationOfTwoFieldsAndTwoResults() throws Exception {
    double[] whole = MemoryDomain.alone(Decomposition.even(MESH, 1, 1), OperationTest::sides);
    assertEquals(whole[0], whole[1], 1e-12);
    assertEquals(whole[0], whole[2], 1e-4);
    for (double[] part : MemoryDomain.run(Decomposition.even(MESH, 2, 2), OperationTest::sides))
      assertArrayEquals(whole, part, 0.0);
  }

  /**
   * The same field by both inputs, and by a second operation: every share is added, in memory known after the forward
   * pass.
   */
  @Test
  void shouldAddTheSharesOfAllReaders() throws Exception {
    MemoryDomain.run(Decomposition.even(MESH, 2, 1), scope -> {
      Mixer mixer = new Mixer(scope, noise(scope, 0));
      Field.Floats weights = noise(scope, 3);
      Field.Floats a = noise(scope, 1);
      Field.Floats byA = scope.kernels().memory().floats(a.size());
      Tape tape = new Tape(scope);
      Sharded leaf = tape.leaf(a, byA, scope.decomposition());
      Scalar zero = Scalar.constant(0);
      Values twice = tape.apply(mixer, leaf, leaf, zero);
      Values third = tape.apply(new Weighted(scope, weights), leaf);
      Scalar root = tape.apply(new Weighted(scope, weights), twice.sharded(0)).scalar(0).plus(third.scalar(0));
      tape.reverse(root, List.of(leaf));
      assertEquals(dot(scope, a, weights) * 2, dot(scope, a, byA), 1e-4); // 2a − a, and a
      return 0;
    });
  }

  @Test
  void shouldLetOperationsReadEachOthersFields() throws Exception {
    MemoryDomain.run(Decomposition.even(MESH, 1, 2), scope -> {
      Field.Floats weights = noise(scope, 3);
      Field.Floats a = noise(scope, 1);
      Field.Floats byA = scope.kernels().memory().floats(a.size());
      Tape tape = new Tape(scope);
      Sharded leaf = tape.leaf(a, byA, scope.decomposition());
      Scalar zero = Scalar.constant(0);
      Sharded once = tape.apply(new Shift(scope, 3, 1), zero, leaf).sharded(0);
      Sharded twice = tape.apply(new Shift(scope, 0.5, 1), zero, once).sharded(0);
      Scalar root = tape.apply(new Weighted(scope, weights), twice).scalar(0);
      assertEquals(1.5 * dot(scope, a, weights), root.value(), 1e-4);
      tape.reverse(root, List.of(leaf));
      assertEquals(root.value(), dot(scope, a, byA), 1e-4);
      return 0;
    });
  }

  @Test
  void shouldRefuseAMeshThatHasNoRowForEachRank() throws Exception {
    MemoryDomain.run(Decomposition.even(MESH, 4, 1), scope -> {
      Mesh flat = new Mesh(2, 8, 8, 1, 1, 1);
      assertEquals("a mesh of 2 × 8 × 8 cells cannot be cut over 4 × 1 ranks; it needs a row of cells for each of them "
          + "along x and y",
          assertThrows(IllegalArgumentException.class, () -> scope.decomposition(flat)).getMessage());
      assertEquals(Decomposition.even(new Mesh(8, 8, 8, 1, 1, 1), 4, 1),
          scope.decomposition(new Mesh(8, 8, 8, 1, 1, 1)));
      return 0;
    });
  }
}
