package org.halocline.sampler.tape;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.mesh.Decomposition;

/**
 * Records one run of a program on one rank and plays it backwards. A tape lives for one evaluation. Every rank records
 * the same entries, so the collective calls inside match. Used by the chain's own thread only.
 */
public final class Tape {
  /** Where constants live: nothing is recorded. */
  static final Tape NONE = new Tape(Optional.empty());

  private final Optional<RankScope> scope;
  private final List<Runnable> entries = new ArrayList<>();

  private Tape(Optional<RankScope> scope) {
    this.scope = scope;
  }

  /** Begins a tape; the one before it on this rank is not used any more. */
  public Tape(RankScope scope) {
    this(Optional.of(scope));
    scope.scratch().reset();
  }

  /** A tape of scalars and vectors alone, which runs no operation. */
  public static Tape ofNumbers() {
    return new Tape(Optional.empty());
  }

  /** The rank that records. */
  public RankScope scope() {
    return scope.orElseThrow(() -> new IllegalStateException("a tape of numbers has no rank"));
  }

  /** A number by which derivatives are wanted. */
  public Scalar leaf(double value) {
    return new Scalar(this, value);
  }

  /** Numbers by which derivatives are wanted. */
  public Vector leaf(double[] values) {
    return new Vector(this, values.clone());
  }

  /** A field by which derivatives are wanted; {@link #reverse} overwrites the gradient. */
  public Sharded leaf(Field.Floats field, Field.Floats gradient, Decomposition decomposition) {
    return Sharded.leaf(field, gradient, decomposition);
  }

  /** The tape of those that are not constants; none if all of them are. */
  static Tape common(Stream<Tape> tapes) {
    return tapes.filter(tape -> tape != NONE).findFirst().orElse(NONE);
  }

  /** Notes what the reverse pass does here; nothing among constants. */
  void record(Runnable adjoint) {
    if (this != NONE)
      entries.add(adjoint);
  }

  /** A number computed from others, with its partial derivatives. */
  Scalar node(double value, Scalar[] parents, double[] partials) {
    Scalar result = new Scalar(this, value);
    record(() -> {
      for (int i = 0; i < parents.length; i++)
        parents[i].add(result.cotangent * partials[i]);
    });
    return result;
  }

  /** Runs an operation and records its adjoint. */
  public Values apply(Operation operation, List<? extends Value> inputs) {
    RankScope rank = scope();
    Values read = new Values(List.copyOf(inputs));
    Values outputs = new Values(
        operation.forward(given(operation, read)).stream().map(this::asResult).toList());
    entries.add(() -> {
      for (Value output : outputs.all())
        if (output instanceof Sharded field && !field.cotangentWritten())
          rank.kernels().vectors().fill(field.cotangent(), 0);
      Pullback pullback = new Pullback(rank, operation, read, outputs);
      operation.reverse(read, pullback);
      pullback.finish();
    });
    return outputs;
  }

  /** Runs an operation and records its adjoint. */
  public Values apply(Operation operation, Value... inputs) {
    return apply(operation, List.of(inputs));
  }

  /** The values as the forward pass sees them. All the memory that its adjoint will need is allocated here. */
  private Values given(Operation operation, Values inputs) {
    List<Value> given = new ArrayList<>();
    List<Field.Floats> spares = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++)
      if (inputs.all().get(i) instanceof Sharded field) {
        boolean overwrites = operation.overwrites(i);
        given.add(overwrites ? field.overwrite(scope()) : field.read(scope()));
        if (!overwrites && field.needsSpare())
          spares.add(scope().scratch().take(scope(), field.size()));
      } else
        given.add(inputs.all().get(i));
    spares.forEach(scope().scratch()::giveBack);
    return new Values(given);
  }

  private Value asResult(Value made) {
    return switch (made) {
      case Scalar scalar -> new Scalar(this, scalar.value());
      case Vector vector -> new Vector(this, vector.values());
      case Sharded field -> field.asResult();
      case Gathered array -> array.asResult();
    };
  }

  /**
   * Plays the tape backwards from a root: afterwards scalars hold their cotangents and the leaves' gradients are
   * written.
   *
   * @param leaves the fields whose gradient must be written, with zeros where the root does not depend on them
   */
  public void reverse(Scalar root, List<Sharded> leaves) {
    root.cotangent = 1;
    for (int at = entries.size() - 1; at >= 0; at--)
      entries.get(at).run();
    for (Sharded leaf : leaves)
      if (leaf.wanted() && !leaf.cotangentWritten())
        scope().kernels().vectors().fill(leaf.cotangent(), 0);
  }
}
