package org.halocline.sampler.tape;

import java.util.List;

/**
 * A whole kernel on the tape with a hand-written adjoint: any number of values go in, any number come out. Every rank
 * calls it alike. A result lies either in memory of the operation's own, allocated when it is made, or in memory that
 * {@link RankScope#take} lends for one pass. At most one forward pass is outstanding at a time.
 */
public interface Operation {

  /** What an operation does to the values of a field that it reads. */
  enum Access {
    /** The forward pass reads the field; the reverse pass does not need its values. */
    READS,
    /** Both passes read the field. */
    NEEDS,
    /** The forward pass destroys the values that it is given; the reverse pass does not need them. */
    SPOILS,
    /**
     * The forward pass makes its first result of the values, in the same memory; the reverse pass does not need them.
     */
    BECOMES,
    /**
     * The forward pass overwrites the values that it is given by numbers that the reverse pass makes the field's
     * cotangent of, in the same memory.
     */
    TURNS
  }

  /**
   * @param inputs not to be changed, but for fields that {@link #access} says are not only read
   * @return results without a tape; the tape may overwrite a returned field by its cotangent
   * @throws OutsideSupportException on every rank alike, where the model has no density
   */
  List<Value> forward(Values inputs);

  /**
   * The adjoint of the last {@link #forward}.
   *
   * @param pullback gives the cotangents of the outputs and takes those of the inputs
   */
  void reverse(Values inputs, Pullback pullback);

  /**
   * What the operation does to a field that it reads; asked of fields only.
   *
   * @param input its place among the inputs
   */
  default Access access(int input) {
    return Access.NEEDS;
  }

  /** Whether {@link #reverse} reads the fields that {@link #forward} returned. */
  default boolean needsOutputs() {
    return false;
  }

  /** What plans of memory call the operation. */
  default String name() {
    return getClass().getSimpleName();
  }
}
