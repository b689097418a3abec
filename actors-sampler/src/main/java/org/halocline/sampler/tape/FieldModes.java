package org.halocline.sampler.tape;

import java.util.Arrays;
import java.util.List;
import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.Modes;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Grid;
import org.halocline.cosmology.mesh.Pencil;
import org.halocline.cosmology.power.ModeTable;
import org.halocline.cosmology.transform.Fourier;

/**
 * Transforms of fields. Modes are those of the half spectrum, unnormalised; their inner product counts the modes that
 * the half spectrum leaves out, and cotangents of modes are of that product. So the adjoint of a forward transform is
 * the inverse one.
 */
final class FieldModes {
  private FieldModes() {}

  private static Grid grid(RankScope scope, Decomposition decomposition) {
    return Grid.of(decomposition, scope.rank(), 0, 0);
  }

  /** Cells to modes. */
  record Forward(RankScope scope, Decomposition decomposition) implements Operation {
    @Override
    public String name() {
      return "fourier";
    }

    @Override
    public Access access(int input) {
      return Access.READS;
    }

    @Override
    public List<Value> forward(Values inputs) {
      Sharded.Shape shape = new Sharded.Shape(decomposition, true);
      Floats out = scope.take(shape.size(scope.rank()));
      scope.fourier(decomposition).forward(inputs.field(0), grid(scope, decomposition), out);
      return List.of(Sharded.lent(out, shape));
    }

    @Override
    public void reverse(Values inputs, Pullback pullback) {
      scope.fourier(decomposition).inverse(pullback.ofField(0), pullback.toField(0), grid(scope, decomposition));
    }
  }

  /** Modes to cells: the inverse of {@link Forward}. */
  record Inverse(RankScope scope, Decomposition decomposition) implements Operation {
    @Override
    public String name() {
      return "real";
    }

    @Override
    public Access access(int input) {
      return Access.SPOILS;
    }

    private float factor() {
      return (float) (1.0 / decomposition.mesh().size());
    }

    @Override
    public List<Value> forward(Values inputs) {
      Sharded.Shape shape = new Sharded.Shape(decomposition, false);
      Floats out = scope.take(shape.size(scope.rank()));
      Fourier fourier = scope.fourier(decomposition);
      fourier.inverse(inputs.field(0), out, grid(scope, decomposition));
      scope.kernels().vectors().scale(factor(), out);
      return List.of(Sharded.lent(out, shape));
    }

    @Override
    public void reverse(Values inputs, Pullback pullback) {
      Floats cotangent = pullback.toField(0);
      scope.kernels().vectors().scale(factor(), pullback.ofField(0));
      scope.fourier(decomposition).forward(pullback.ofField(0), grid(scope, decomposition), cotangent);
    }
  }

  /** An operation on the modes of one grid. */
  private interface OfModes extends Operation {
    RankScope scope();

    Decomposition decomposition();

    default Pencil pencil() {
      return new Pencil(decomposition(), scope().rank());
    }

    default Modes modes() {
      return scope().kernels().modes();
    }

    default Value made(Floats field) {
      return Sharded.lent(field, new Sharded.Shape(decomposition(), true));
    }

    /** The sums over all ranks of what each adds. */
    default double[] sums(ExactSum[] own) {
      scope().collectives().sum(own);
      return Arrays.stream(own).mapToDouble(sum -> scope().isDry() ? 1 : sum.value()).toArray();
    }

    static ExactSum[] zeros(int count) {
      ExactSum[] sums = new ExactSum[count];
      Arrays.setAll(sums, _ -> new ExactSum());
      return sums;
    }
  }

  /** Modes times a function of |k|, given at nodes by a vector; the mean mode times a constant. */
  record Filter(RankScope scope, Decomposition decomposition, ModeTable.Nodes nodes, double zeroMode,
      boolean byConstant) implements OfModes {
    @Override
    public Access access(int input) {
      return byConstant ? Access.BECOMES : Access.NEEDS;
    }

    private ModeTable table(Values inputs) {
      return nodes.table(inputs.vector(1).values());
    }

    @Override
    public List<Value> forward(Values inputs) {
      Floats out = byConstant ? inputs.field(0) : scope.copy(inputs.field(0));
      modes().filter(out, pencil(), table(inputs), zeroMode, 1);
      return List.of(made(out));
    }

    @Override
    public void reverse(Values inputs, Pullback pullback) {
      if (pullback.wants(1)) {
        ExactSum[] sums = OfModes.zeros(nodes.count());
        modes().tableTranspose(pullback.ofField(0), inputs.field(0), pencil(), nodes, 1, sums);
        pullback.toVector(1, sums(sums));
      }
      if (pullback.wants(0))
        modes().filter(pullback.turn(0, 0), pencil(), table(inputs), zeroMode, 1);
    }
  }

  /** For each mode a matrix of functions of |k| across several fields; mean modes times a constant. */
  record Mix(RankScope scope, Decomposition decomposition, ModeTable.Nodes nodes, int size, double zeroMode)
      implements
        OfModes {
    /** Rows of tables, or those of the transposed matrix. */
    private ModeTable[][] matrix(Values inputs, boolean transposed) {
      ModeTable[][] matrix = new ModeTable[size][size];
      for (int i = 0; i < size; i++)
        for (int j = 0; j < size; j++)
          matrix[i][j] = nodes.table(inputs.vector(size + (transposed ? j * size + i : i * size + j)).values());
      return matrix;
    }

    @Override
    public List<Value> forward(Values inputs) {
      Floats[] out = new Floats[size];
      Arrays.setAll(out, i -> scope.copy(inputs.field(i)));
      modes().mix(out, pencil(), matrix(inputs, false), zeroMode, 1);
      return Arrays.stream(out).map(this::made).toList();
    }

    @Override
    public void reverse(Values inputs, Pullback pullback) {
      for (int i = 0; i < size; i++)
        for (int j = 0; j < size; j++)
          if (pullback.wants(size + i * size + j)) {
            ExactSum[] sums = OfModes.zeros(nodes.count());
            modes().tableTranspose(pullback.ofField(i), inputs.field(j), pencil(), nodes, 1, sums);
            pullback.toVector(size + i * size + j, sums(sums));
          }
      Floats[] cotangents = new Floats[size];
      Arrays.setAll(cotangents, i -> pullback.turn(i, i));
      modes().mix(cotangents, pencil(), matrix(inputs, true), zeroMode, 1);
    }
  }

  /** The first derivative along an axis: times i k, the Nyquist mode times 0; antisymmetric. */
  record Gradient(RankScope scope, Decomposition decomposition, int axis) implements OfModes {
    @Override
    public Access access(int input) {
      return Access.BECOMES;
    }

    @Override
    public List<Value> forward(Values inputs) {
      modes().gradient(inputs.field(0), pencil(), axis, 1);
      return List.of(made(inputs.field(0)));
    }

    @Override
    public void reverse(Values inputs, Pullback pullback) {
      modes().gradient(pullback.turn(0, 0), pencil(), axis, -1);
    }
  }

  /** Times −1/k², the mean mode times 0. */
  record InverseLaplacian(RankScope scope, Decomposition decomposition) implements OfModes {
    @Override
    public Access access(int input) {
      return Access.BECOMES;
    }

    @Override
    public List<Value> forward(Values inputs) {
      modes().inverseLaplacian(inputs.field(0), pencil(), 1);
      return List.of(made(inputs.field(0)));
    }

    @Override
    public void reverse(Values inputs, Pullback pullback) {
      modes().inverseLaplacian(pullback.turn(0, 0), pencil(), 1);
    }
  }

  /** Σ Re(conj(x) y) over the modes of the full spectrum in each shell of |k|. */
  record Shells(RankScope scope, Decomposition decomposition, double[] edges) implements OfModes {
    @Override
    public List<Value> forward(Values inputs) {
      ExactSum[] sums = OfModes.zeros(edges.length - 1);
      modes().shells(inputs.field(0), inputs.field(1), pencil(), edges, 1, sums);
      return List.of(Vector.constant(sums(sums)));
    }

    @Override
    public void reverse(Values inputs, Pullback pullback) {
      for (int input = 0; input < 2; input++)
        if (pullback.wants(input)) {
          Floats cotangent = pullback.toField(input);
          scope.kernels().vectors().fill(cotangent, 0);
          modes().shellsTranspose(inputs.field(1 - input), pencil(), edges, pullback.ofVector(0), 1, cotangent);
        }
    }
  }
}
