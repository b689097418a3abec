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
  private final Values inputs;
  private final List<Optional<Tape.Turned>> turned;
  private final Values outputs;
  /** The memory handed out for each field input, and which of it is a share that is yet to be added. */
  private final List<Optional<Field.Floats>> given = new ArrayList<>();
  private final BitSet shares = new BitSet();

  Pullback(RankScope scope, Values inputs, List<Optional<Tape.Turned>> turned, Values outputs) {
    this.scope = scope;
    this.inputs = inputs;
    this.turned = turned;
    this.outputs = outputs;
    for (int i = 0; i < inputs.size(); i++)
      given.add(Optional.empty());
  }

  /** Whether anything wants the derivative by an input. */
  public boolean wants(int input) {
    return Tape.isWanted(inputs.all().get(input));
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

  /** The cotangent of a field output. It is not needed after this adjoint, which may destroy it. */
  public Field.Floats ofField(int output) {
    return outputs.sharded(output).cotangent(scope);
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
   * Memory that the adjoint overwrites by the cotangent of a field input. For a field that is
   * {@linkplain Operation.Access#TURNS turned} it holds what the forward pass left there.
   */
  public Field.Floats toField(int input) {
    if (given.get(input).isEmpty())
      given.set(input, Optional.of(memory(input)));
    return given.get(input).orElseThrow();
  }

  private Field.Floats memory(int input) {
    Sharded field = inputs.sharded(input);
    if (turned.get(input).isPresent()) {
      Tape.Turned place = turned.get(input).orElseThrow();
      if (place.own())
        return field.toCotangent(scope);
      shares.set(input);
      return place.memory();
    }
    if (field.wanted() && !field.cotangentWritten())
      return field.toCotangent(scope);
    shares.set(input);
    return scope.take(field.shape().size(scope.rank()));
  }

  /**
   * Memory that holds the cotangent of a field output, which the adjoint makes the cotangent of a field input of the
   * same shape in. The output's cotangent may be gone after this call, so it is the last one made for this output.
   */
  public Field.Floats turn(int output, int input) {
    Field.Floats cotangent = ofField(output);
    Sharded from = outputs.sharded(output);
    Sharded to = inputs.sharded(input);
    boolean first = to.wanted() && !to.cotangentWritten() && given.get(input).isEmpty();
    if (first && to.number() >= 0 && from.canHandOver() && !to.hasCotangentPlace()) {
      to.adoptCotangent(from.handOver());
      given.set(input, Optional.of(cotangent));
      return cotangent;
    }
    Field.Floats place = toField(input);
    scope.kernels().vectors().copy(cotangent, place);
    return place;
  }

  /** Adds the shares to the cotangents that they belong to. */
  void finish() {
    for (int i = shares.nextSetBit(0); i >= 0; i = shares.nextSetBit(i + 1)) {
      Field.Floats share = given.get(i).orElseThrow();
      Sharded field = inputs.sharded(i);
      if (field.wanted() && !field.cotangentWritten() && field.number() >= 0 && !field.hasCotangentPlace()) {
        field.adoptCotangent(share);
      } else {
        if (field.wanted())
          scope.kernels().vectors().add(1, share, field.cotangent(scope));
        scope.giveBack(share);
      }
    }
  }
}
