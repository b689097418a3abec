package org.halocline.sampler.tape;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.kernel.Vectors;

/**
 * Records one run of a program on one rank and plays it backwards. A tape lives for one evaluation. Every rank records the
 * same entries, so the collective calls inside match. Used by the chain's own thread only.
 */
public final class Tape {
  /** Where constants live: nothing is recorded. */
  static final Tape NONE = new Tape(Optional.empty());

  private final Optional<RankScope> scope;
  private final List<Runnable> entries = new ArrayList<>();

  private Tape(Optional<RankScope> scope) {
    this.scope = scope;
  }

  public Tape(RankScope scope) {
    this(Optional.of(scope));
  }

  private RankScope rank() {
    return scope.orElseThrow(() -> new IllegalStateException("constants have no rank"));
  }

  /** A number by which derivatives are wanted. */
  public Scalar leaf(double value) {
    return new Scalar(this, value);
  }

  /** A field by which derivatives are wanted; {@link #reverse} overwrites the gradient. */
  public Sharded leaf(Field.Floats field, Field.Floats gradient) {
    return Sharded.leaf(field, gradient);
  }

  /** A number computed from others, with its partial derivatives. */
  Scalar node(double value, Scalar[] parents, double[] partials) {
    Scalar result = new Scalar(this, value);
    if (this != NONE)
      entries.add(() -> {
        for (int i = 0; i < parents.length; i++)
          parents[i].cotangent += result.cotangent * partials[i];
      });
    return result;
  }

  /** Runs an operation that ends on rank 0. */
  public Gathered apply(GatheredOperation operation, List<Scalar> scalars, Sharded field) {
    refuseResult(field);
    Gathered result = Gathered.result(operation.forward(values(scalars), field.field()));
    entries.add(() -> pull(scalars, field,
        gradient -> operation.reverse(result.cotangent(), field.field(), gradient)));
    return result;
  }

  /** Runs an operation whose result stays on the ranks. */
  public Sharded apply(ShardedOperation operation, List<Scalar> scalars, Sharded field) {
    refuseResult(field);
    Sharded result = Sharded.result(operation.forward(values(scalars), field.field()));
    entries.add(() -> {
      if (!result.cotangentWritten())
        rank().kernels().vectors().fill(result.cotangent(), 0);
      pull(scalars, field, gradient -> operation.reverse(result.cotangent(), field.field(), gradient));
    });
    return result;
  }

  /** ½ Σ (model − data)²/σ² of arrays on rank 0: the same number on every rank. */
  public Scalar misfit(Gathered model, Gathered data, double sigma) {
    double[] values = model.values();
    double[] observed = data.values();
    if (values.length != observed.length)
      throw new IllegalArgumentException(
          "the model predicts " + values.length + " numbers but " + observed.length + " were observed");
    ExactSum sum = new ExactSum();
    double weight = 1 / (sigma * sigma);
    for (int i = 0; i < values.length; i++) {
      double residual = values[i] - observed[i];
      sum.add(residual * residual * weight);
    }
    rank().collectives().sum(sum);
    Scalar result = new Scalar(this, 0.5 * sum.value());
    entries.add(() -> {
      double[] cotangent = model.cotangent();
      for (int i = 0; i < cotangent.length; i++)
        cotangent[i] += result.cotangent * weight * (values[i] - observed[i]);
    });
    return result;
  }

  /** ½ Σ (model − data)²/σ² of sharded fields; the model's field is overwritten by its cotangent. */
  public Scalar misfit(Sharded model, Sharded data, double sigma) {
    if (!model.isResult())
      throw new IllegalArgumentException("only a field made by an operation can be compared with data");
    Vectors vectors = rank().kernels().vectors();
    Field.Floats residual = model.consume();
    ExactSum sum = new ExactSum();
    vectors.residual(residual, data.field(), sigma, rank().block().nz(), sum);
    rank().collectives().sum(sum);
    Scalar result = new Scalar(this, 0.5 * sum.value());
    entries.add(() -> {
      if (result.cotangent != 1)
        vectors.scale((float) result.cotangent, residual);
      model.markWritten();
    });
    return result;
  }

  /** ½ Σ field², the same number on every rank; without derivatives, because samplers solve this term exactly. */
  public double halfSquare(Sharded field) {
    ExactSum sum = new ExactSum();
    rank().kernels().vectors().dot(field.field(), field.field(), rank().block().nz(), 1, sum);
    rank().collectives().sum(sum);
    return 0.5 * sum.value();
  }

  /**
   * Plays the tape backwards from a root: afterwards scalars hold their cotangents and the leaves' gradients are written.
   *
   * @param leaves the fields whose gradient must be written, with zeros where the root does not depend on them
   */
  public void reverse(Scalar root, List<Sharded> leaves) {
    root.cotangent = 1;
    for (int at = entries.size() - 1; at >= 0; at--)
      entries.get(at).run();
    for (Sharded leaf : leaves)
      if (leaf.wanted() && !leaf.cotangentWritten())
        rank().kernels().vectors().fill(leaf.cotangent(), 0);
  }

  private static void refuseResult(Sharded field) {
    if (field.isResult())
      throw new IllegalArgumentException(
          "an operation reads latent fields and data only: join two operations on fields into one");
  }

  private interface Adjoint {
    double[] into(Field.Floats gradient);
  }

  private void pull(List<Scalar> scalars, Sharded field, Adjoint adjoint) {
    double[] cotangents;
    if (field.wanted() && !field.cotangentWritten()) {
      cotangents = adjoint.into(field.cotangent());
      field.markWritten();
    } else {
      Field.Floats scratch = rank().scratch().field(rank(), field.field().size());
      cotangents = adjoint.into(scratch);
      if (field.wanted())
        rank().kernels().vectors().add(1, scratch, field.cotangent());
    }
    for (int i = 0; i < cotangents.length; i++)
      scalars.get(i).cotangent += cotangents[i];
  }

  private static double[] values(List<Scalar> scalars) {
    double[] values = new double[scalars.size()];
    Arrays.setAll(values, i -> scalars.get(i).value());
    return values;
  }
}
