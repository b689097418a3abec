package org.halocline.sampler.tape;

import java.util.Arrays;
import java.util.List;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.mesh.Block;
import org.halocline.cosmology.mesh.Decomposition;

/** Operations between fields and arrays on rank 0. */
final class FieldArrays {
  private FieldArrays() {}

  /** A number of each column of cells along z, [x][y] of a block, from and to arrays of the whole mesh on rank 0. */
  private record Columns(RankScope scope, Decomposition decomposition, int ofColumn) {
    private int size(Block block) {
      return block.lines() * ofColumn;
    }

    /** The whole array on rank 0; length 0 elsewhere. */
    double[] gather(double[] own) {
      int[] lengths = new int[decomposition.ranks()];
      Arrays.setAll(lengths, rank -> size(decomposition.block(rank)));
      double[][] all = scope.collectives().gather(own, lengths);
      if (!scope.first())
        return new double[0];
      double[] whole = new double[decomposition.mesh().nx() * decomposition.mesh().ny() * ofColumn];
      for (int rank = 0; rank < all.length; rank++) {
        Block block = decomposition.block(rank);
        for (int x = 0; x < block.nx(); x++)
          System.arraycopy(all[rank], x * block.ny() * ofColumn, whole, start(block, x), block.ny() * ofColumn);
      }
      return whole;
    }

    /** This rank's part of an array on rank 0. */
    double[] scatter(double[] whole) {
      double[] everywhere = scope.first()
          ? whole.clone()
          : new double[decomposition.mesh().nx() * decomposition.mesh().ny() * ofColumn];
      scope.collectives().broadcast(everywhere);
      Block block = decomposition.block(scope.rank());
      double[] own = new double[size(block)];
      for (int x = 0; x < block.nx(); x++)
        System.arraycopy(everywhere, start(block, x), own, x * block.ny() * ofColumn, block.ny() * ofColumn);
      return own;
    }

    private int start(Block block, int x) {
      return ((block.x0() + x) * decomposition.mesh().ny() + block.y0()) * ofColumn;
    }

    double[] read(Floats field) {
      float[] values = new float[field.size()];
      scope.kernels().memory().read(field, 0, values, 0, values.length);
      double[] wide = new double[values.length];
      for (int i = 0; i < wide.length; i++)
        wide[i] = values[i];
      return wide;
    }

    void write(double[] values, Floats field) {
      float[] narrow = new float[values.length];
      for (int i = 0; i < narrow.length; i++)
        narrow[i] = (float) values[i];
      scope.kernels().memory().write(narrow, 0, field, 0, narrow.length);
    }
  }

  /** All cells on rank 0. */
  record Gather(RankScope scope, Decomposition decomposition) implements Operation {
    private Columns columns() {
      return new Columns(scope, decomposition, decomposition.mesh().nz());
    }

    @Override
    public Access access(int input) {
      return Access.READS;
    }

    @Override
    public List<Value> forward(Values inputs) {
      return List.of(Gathered.constant(columns().gather(columns().read(inputs.field(0)))));
    }

    @Override
    public void reverse(Values inputs, Pullback pullback) {
      columns().write(columns().scatter(pullback.ofArray(0)), pullback.toField(0));
    }
  }

  /** A field of the cells that lie on rank 0. */
  record Scatter(RankScope scope, Decomposition decomposition) implements Operation {
    private Columns columns() {
      return new Columns(scope, decomposition, decomposition.mesh().nz());
    }

    @Override
    public List<Value> forward(Values inputs) {
      Sharded.Shape shape = new Sharded.Shape(decomposition, false);
      double[] array = inputs.array(0);
      if (scope.first() && array.length != decomposition.mesh().size())
        throw new IllegalArgumentException(
            "scatter was given " + array.length + " numbers for " + shape + "; give one for each cell");
      Floats out = scope.take(shape.size(scope.rank()));
      columns().write(columns().scatter(array), out);
      return List.of(Sharded.lent(out, shape));
    }

    @Override
    public void reverse(Values inputs, Pullback pullback) {
      double[] cotangent = columns().gather(columns().read(pullback.ofField(0)));
      double[] into = pullback.toArray(0);
      for (int i = 0; i < into.length; i++)
        into[i] += cotangent[i];
    }
  }

  /** The sum of each column of cells along z, [x][y] on rank 0; terms are added in order. */
  record Project(RankScope scope, Decomposition decomposition) implements Operation {
    private Columns columns() {
      return new Columns(scope, decomposition, 1);
    }

    @Override
    public Access access(int input) {
      return Access.READS;
    }

    @Override
    public List<Value> forward(Values inputs) {
      double[] cells = columns().read(inputs.field(0));
      int nz = decomposition.mesh().nz();
      double[] sums = new double[cells.length / nz];
      for (int i = 0; i < cells.length; i++)
        sums[i / nz] += cells[i];
      return List.of(Gathered.constant(columns().gather(sums)));
    }

    @Override
    public void reverse(Values inputs, Pullback pullback) {
      double[] sums = columns().scatter(pullback.ofArray(0));
      int nz = decomposition.mesh().nz();
      double[] cells = new double[sums.length * nz];
      for (int i = 0; i < cells.length; i++)
        cells[i] = sums[i / nz];
      columns().write(cells, pullback.toField(0));
    }
  }
}
