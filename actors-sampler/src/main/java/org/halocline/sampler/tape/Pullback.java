package org.halocline.sampler.tape;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.halocline.cosmology.kernel.Field;

/**
 * How one operation's adjoint gets the cotangents of its outputs and hands over those of its inputs. An input that the
 * adjoint does not name gets nothing. Alive during one call; used by the chain's own thread only.
 */
public final class Pullback {
  private final RankScope scope;
  private final Operation operation;
  private final Values inputs;
  private final Values outputs;
  /** The memory handed out for each field input, and which of it is spare memory. */
  private final List<Optional<Field.Floats>> given = new ArrayList<>();
  private final BitSet borrowed = new BitSet();

  Pullback(RankScope scope, Operation operation, Values inputs, Values outputs) {
    this.scope = scope;
    this.operation = operation;
    this.inputs = inputs;
    this.outputs = outputs;
    for (int i = 0; i < inputs.size(); i++)
      given.add(Optional.empty());
  }

  /** The cotangent of a scalar output, the same bits on every rank. */
  public double ofNumber(int output) {
    return outputs.scalar(output).cotangent();
  }

  /** The cotangent of a vector output, the same bits on every rank; not to be changed. */
  public double[] ofVector(int output) {
    return outputs.vector(output).cotangent();
  }

  /** The cotangent of an array output on rank 0; length 0 elsewhere. */
  public double[] ofArray(int output) {
    return outputs.gathered(output).cotangent();
  }

  /** The cotangent of a field output. */
  public Field.Floats ofField(int output) {
    return outputs.sharded(output).cotangent();
  }

  /** Adds to the cotangent of a scalar input; the same bits on every rank. */
  public void toNumber(int input, double cotangent) {
    inputs.scalar(input).add(cotangent);
  }

  /** Adds to the cotangents of scalar inputs that follow each other. */
  public void toNumbers(int first, double[] cotangents) {
    for (int i = 0; i < cotangents.length; i++)
      toNumber(first + i, cotangents[i]);
  }

  /** Adds to the cotangent of a vector input; the same bits on every rank. */
  public void toVector(int input, double[] cotangent) {
    if (cotangent.length != inputs.vector(input).size())
      throw new IllegalArgumentException("a cotangent of " + cotangent.length + " numbers for a vector of "
          + inputs.vector(input).size());
    inputs.vector(input).addCotangent(cotangent);
  }

  /** The cotangent of an array input on rank 0, to be added to; length 0 elsewhere, and for data. */
  public double[] toArray(int input) {
    return inputs.gathered(input).cotangent();
  }

  /**
   * Memory that the adjoint overwrites by the cotangent of a field input. For a field that {@link Operation#overwrites}
   * names it holds what the forward pass left in the field.
   */
  public Field.Floats toField(int input) {
    if (given.get(input).isEmpty())
      given.set(input, Optional.of(memory(input)));
    return given.get(input).orElseThrow();
  }

  private Field.Floats memory(int input) {
    Sharded field = inputs.sharded(input);
    if (operation.overwrites(input) || field.wanted() && !field.cotangentWritten()) {
      field.markWritten();
      return field.cotangent();
    }
    borrowed.set(input);
    return scope.scratch().take(scope, field.size());
  }

  /** Adds what lies in borrowed memory to the cotangents that it belongs to. */
  void finish() {
    for (int i = borrowed.nextSetBit(0); i >= 0; i = borrowed.nextSetBit(i + 1)) {
      Field.Floats spare = given.get(i).orElseThrow();
      if (inputs.sharded(i).wanted())
        scope.kernels().vectors().add(1, spare, inputs.sharded(i).cotangent());
      scope.scratch().giveBack(spare);
    }
  }
}
