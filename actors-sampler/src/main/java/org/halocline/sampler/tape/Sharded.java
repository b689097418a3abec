package org.halocline.sampler.tape;

import java.util.Optional;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.mesh.Decomposition;

/**
 * A field over a mesh of which each rank holds its block, with room for its cotangent if anything wants it. Used by the
 * chain's own thread only.
 */
public final class Sharded implements Value {
  private final Field.Floats field;
  private final Decomposition decomposition;
  private final boolean made;
  private Optional<Field.Floats> cotangent;
  private boolean cotangentWritten;
  private boolean read;
  private boolean overwritten;

  private Sharded(Field.Floats field, Decomposition decomposition, boolean made, Optional<Field.Floats> cotangent) {
    this.field = field;
    this.decomposition = decomposition;
    this.made = made;
    this.cotangent = cotangent;
  }

  /** A field without derivatives: data, or what an operation hands to the tape. */
  public static Sharded constant(Field.Floats field, Decomposition decomposition) {
    return new Sharded(field, decomposition, false, Optional.empty());
  }

  /** A field whose gradient a reverse pass writes. */
  static Sharded leaf(Field.Floats field, Field.Floats cotangent, Decomposition decomposition) {
    return new Sharded(field, decomposition, false, Optional.of(cotangent));
  }

  /** What an operation returned: its cotangent takes its own place, unless another operation reads it. */
  Sharded asResult() {
    return new Sharded(field, decomposition, true, Optional.of(field));
  }

  /** The block's values. */
  public Field.Floats field() {
    if (overwritten)
      throw new IllegalStateException(
          "a field made by an operation can be observed once, as the last thing done to it");
    return field;
  }

  /** The mesh and how the ranks share it. */
  public Decomposition decomposition() {
    return decomposition;
  }

  /** Elements of this rank's block. */
  public int size() {
    return field.size();
  }

  /**
   * An operation reads the field. A second reader needs spare memory for its share of the cotangent, as does a reader
   * of data.
   */
  Sharded read(RankScope scope) {
    field();
    if (made && cotangent.orElseThrow() == field)
      cotangent = Optional.of(scope.scratch().take(scope, size()));
    return this;
  }

  /** @return whether the adjoint of one more reader needs spare memory */
  boolean needsSpare() {
    boolean needs = read || !wanted();
    read = true;
    return needs;
  }

  /** An operation overwrites the field, or a copy of it where others have read the field: then they need its values. */
  Sharded overwrite(RankScope scope) {
    if (!made)
      throw new IllegalArgumentException("only a field made by an operation can be compared with data");
    Field.Floats place = cotangent.orElseThrow();
    if (place != field())
      scope.kernels().vectors().copy(field, place);
    overwritten = true;
    return constant(place, decomposition);
  }

  boolean wanted() {
    return cotangent.isPresent();
  }

  Field.Floats cotangent() {
    return cotangent.orElseThrow();
  }

  boolean cotangentWritten() {
    return cotangentWritten;
  }

  void markWritten() {
    cotangentWritten = true;
  }
}
