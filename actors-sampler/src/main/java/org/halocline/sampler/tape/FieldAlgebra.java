package org.halocline.sampler.tape;

import java.util.List;
import java.util.Locale;
import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.kernel.Pointwise;
import org.halocline.cosmology.kernel.Vectors;
import org.halocline.cosmology.mesh.Pencil;

/**
 * Arithmetic on fields, cell by cell, and sums over cells. An operation here lives for one pass; its results lie in
 * memory that the tape lends.
 */
final class FieldAlgebra {
  /** One shell of all wave numbers. */
  private static final double[] ALL = {0, Double.POSITIVE_INFINITY};

  private FieldAlgebra() {}

  /** An operation on fields of one shape. */
  private interface OfShape extends Operation {
    RankScope scope();

    Sharded.Shape shape();

    default Floats take() {
      return scope().take(shape().size(scope().rank()));
    }

    default List<Value> made(Floats field) {
      return List.of(Sharded.lent(field, shape()));
    }

    default Kernels kernels() {
      return scope().kernels();
    }

    default Vectors vectors() {
      return kernels().vectors();
    }

    default Pointwise pointwise() {
      return kernels().pointwise();
    }

    /** The sum over all ranks of what each adds. */
    default double sum(ExactSum own) {
      scope().collectives().sum(own);
      return scope().isDry() ? 1 : own.value();
    }

    /** The sum over all cells. */
    default double total(Floats field) {
      ExactSum sum = new ExactSum();
      pointwise().sum(field, shape().mesh().nz(), 1, sum);
      return sum(sum);
    }

    /** The inner product of two fields: over cells, or over the modes of the full spectrum. */
    default double dot(Floats a, Floats b) {
      ExactSum sum = new ExactSum();
      if (shape().fourier())
        kernels().modes().shells(a, b, new Pencil(shape().decomposition(), scope().rank()), ALL, 1,
            new ExactSum[]{sum});
      else
        vectors().dot(a, b, shape().mesh().nz(), 1, sum);
      return sum(sum);
    }
  }

  /** s·x with a number s. */
  record Scaled(RankScope scope, Sharded.Shape shape, boolean byConstant) implements OfShape {
    @Override
    public Access access(int input) {
      return byConstant ? Access.BECOMES : Access.NEEDS;
    }

    @Override
    public List<Value> forward(Values inputs) {
      Floats out = byConstant ? inputs.field(0) : scope.copy(inputs.field(0));
      vectors().scale((float) inputs.number(1), out);
      return made(out);
    }

    @Override
    public void reverse(Values inputs, Pullback pullback) {
      if (pullback.wants(1))
        pullback.toNumber(1, dot(pullback.ofField(0), inputs.field(0)));
      if (pullback.wants(0))
        vectors().scale((float) inputs.number(1), pullback.turn(0, 0));
    }
  }

  /** x + s with a number s, in every cell. */
  record Shifted(RankScope scope, Sharded.Shape shape) implements OfShape {
    @Override
    public Access access(int input) {
      return Access.BECOMES;
    }

    @Override
    public List<Value> forward(Values inputs) {
      pointwise().affine(1, inputs.field(0), inputs.number(1), inputs.field(0));
      return made(inputs.field(0));
    }

    @Override
    public void reverse(Values inputs, Pullback pullback) {
      if (pullback.wants(1)) {
        pullback.toNumber(1, total(pullback.ofField(0)));
      }
      if (pullback.wants(0))
        pullback.turn(0, 0);
    }
  }

  /** x + a·y with a constant a. */
  record Combined(RankScope scope, Sharded.Shape shape, double factor) implements OfShape {
    @Override
    public Access access(int input) {
      return input == 0 ? Access.BECOMES : Access.READS;
    }

    @Override
    public List<Value> forward(Values inputs) {
      vectors().add((float) factor, inputs.field(1), inputs.field(0));
      return made(inputs.field(0));
    }

    @Override
    public void reverse(Values inputs, Pullback pullback) {
      if (pullback.wants(1)) {
        Floats cotangent = pullback.toField(1);
        vectors().copy(pullback.ofField(0), cotangent);
        if (factor != 1)
          vectors().scale((float) factor, cotangent);
      }
      if (pullback.wants(0))
        pullback.turn(0, 0);
    }
  }

  /** x·y. */
  record Product(RankScope scope, Sharded.Shape shape, boolean byFirst, boolean bySecond) implements OfShape {
    @Override
    public Access access(int input) {
      return (input == 0 ? bySecond : byFirst) ? Access.NEEDS : Access.READS;
    }

    @Override
    public List<Value> forward(Values inputs) {
      Floats out = take();
      pointwise().multiply(inputs.field(0), inputs.field(1), out);
      return made(out);
    }

    @Override
    public void reverse(Values inputs, Pullback pullback) {
      if (byFirst && bySecond)
        pointwise().multiply(pullback.ofField(0), inputs.field(1), pullback.toField(0));
      int last = bySecond ? 1 : 0;
      Floats cotangent = pullback.turn(0, last);
      pointwise().multiply(cotangent, inputs.field(1 - last), cotangent);
    }
  }

  /** x/y. */
  record Quotient(RankScope scope, Sharded.Shape shape, boolean byFirst, boolean bySecond) implements OfShape {
    @Override
    public Access access(int input) {
      return (input == 1 || bySecond) ? Access.NEEDS : Access.READS;
    }

    @Override
    public List<Value> forward(Values inputs) {
      Floats out = take();
      pointwise().divide(inputs.field(0), inputs.field(1), out);
      return made(out);
    }

    @Override
    public void reverse(Values inputs, Pullback pullback) {
      Floats y = inputs.field(1);
      if (bySecond) {
        Floats bySecondField = pullback.toField(1);
        pointwise().divide(pullback.ofField(0), y, bySecondField);
        pointwise().multiply(bySecondField, inputs.field(0), bySecondField);
        pointwise().divide(bySecondField, y, bySecondField);
        vectors().scale(-1, bySecondField);
      }
      if (byFirst) {
        Floats cotangent = pullback.turn(0, 0);
        pointwise().divide(cotangent, y, cotangent);
      }
    }
  }

  /** The larger of two fields in each cell; the first where they are equal. */
  record Larger(RankScope scope, Sharded.Shape shape) implements OfShape {
    @Override
    public List<Value> forward(Values inputs) {
      Floats out = take();
      pointwise().max(inputs.field(0), inputs.field(1), out);
      return made(out);
    }

    @Override
    public void reverse(Values inputs, Pullback pullback) {
      Floats cotangent = pullback.ofField(0);
      if (pullback.wants(0))
        pointwise().maxTranspose(inputs.field(0), inputs.field(1), cotangent, pullback.toField(0));
      if (pullback.wants(1)) {
        // What the first did not get: c − (c where x ≥ y).
        Floats second = pullback.toField(1);
        pointwise().maxTranspose(inputs.field(0), inputs.field(1), cotangent, second);
        vectors().scale(-1, second);
        vectors().add(1, cotangent, second);
      }
    }
  }

  /** f(x) in each cell. */
  record Mapped(RankScope scope, Sharded.Shape shape, Pointwise.Function function, double parameter)
      implements
        OfShape {
    @Override
    public String name() {
      return function.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public List<Value> forward(Values inputs) {
      Floats out = take();
      pointwise().apply(function, parameter, inputs.field(0), out);
      return made(out);
    }

    @Override
    public void reverse(Values inputs, Pullback pullback) {
      Floats cotangent = pullback.turn(0, 0);
      pointwise().transpose(function, parameter, inputs.field(0), cotangent, cotangent);
    }
  }

  /** x to the power of a number. */
  record Power(RankScope scope, Sharded.Shape shape) implements OfShape {
    @Override
    public List<Value> forward(Values inputs) {
      Floats out = take();
      pointwise().apply(Pointwise.Function.POWER, inputs.number(1), inputs.field(0), out);
      return made(out);
    }

    @Override
    public void reverse(Values inputs, Pullback pullback) {
      if (pullback.wants(1)) {
        ExactSum sum = new ExactSum();
        pointwise().parameterTranspose(inputs.number(1), inputs.field(0), pullback.ofField(0), shape.mesh().nz(), sum);
        pullback.toNumber(1, sum(sum));
      }
      if (pullback.wants(0)) {
        Floats cotangent = pullback.turn(0, 0);
        pointwise().transpose(Pointwise.Function.POWER, inputs.number(1), inputs.field(0), cotangent, cotangent);
      }
    }
  }

  /** The sum over all cells. */
  record Sum(RankScope scope, Sharded.Shape shape) implements OfShape {
    @Override
    public Access access(int input) {
      return Access.READS;
    }

    @Override
    public List<Value> forward(Values inputs) {
      return List.of(Scalar.constant(total(inputs.field(0))));
    }

    @Override
    public void reverse(Values inputs, Pullback pullback) {
      vectors().fill(pullback.toField(0), (float) pullback.ofNumber(0));
    }
  }

  /** The inner product of two fields. */
  record Dot(RankScope scope, Sharded.Shape shape, boolean byFirst, boolean bySecond) implements OfShape {
    @Override
    public Access access(int input) {
      return (input == 0 ? bySecond : byFirst) ? Access.NEEDS : Access.READS;
    }

    @Override
    public List<Value> forward(Values inputs) {
      return List.of(Scalar.constant(dot(inputs.field(0), inputs.field(1))));
    }

    @Override
    public void reverse(Values inputs, Pullback pullback) {
      for (int input = 0; input < 2; input++)
        if (pullback.wants(input))
          pointwise().affine(pullback.ofNumber(0), inputs.field(1 - input), 0, pullback.toField(input));
    }
  }
}
