package org.halocline.sampler.tape;

import java.util.Optional;
import org.halocline.cosmology.kernel.Field;

/**
 * A field over the mesh of which each rank holds its block, with room for its cotangent if anything wants it. Used by the
 * chain's own thread only.
 */
public final class Sharded implements Value {
  private final Field.Floats field;
  private final Optional<Field.Floats> cotangent;
  private boolean cotangentWritten;
  private boolean consumed;

  private Sharded(Field.Floats field, Optional<Field.Floats> cotangent) {
    this.field = field;
    this.cotangent = cotangent;
  }

  /** A field without derivatives: data. */
  public static Sharded constant(Field.Floats field) {
    return new Sharded(field, Optional.empty());
  }

  /** A field whose gradient a reverse pass writes. */
  static Sharded leaf(Field.Floats field, Field.Floats cotangent) {
    return new Sharded(field, Optional.of(cotangent));
  }

  /** What an operation returned: a likelihood overwrites it by its own cotangent, so it has one reader. */
  static Sharded result(Field.Floats field) {
    return new Sharded(field, Optional.of(field));
  }

  /** The block's values. */
  public Field.Floats field() {
    if (consumed)
      throw new IllegalStateException(
          "a field made by an operation can be observed once, as the last thing done to it");
    return field;
  }

  Field.Floats consume() {
    Field.Floats values = field();
    consumed = true;
    return values;
  }

  /** Whether an operation made it, so that its cotangent takes its own place. */
  boolean isResult() {
    return cotangent.isPresent() && cotangent.get() == field;
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
