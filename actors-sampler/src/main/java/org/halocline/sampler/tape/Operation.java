package org.halocline.sampler.tape;

import java.util.List;

/**
 * A whole kernel on the tape with a hand-written adjoint: any number of values go in, any number come out. Every rank
 * calls it alike. Its memory is allocated when it is made; at most one forward pass is outstanding at a time.
 */
public interface Operation {

  /**
   * @param inputs not to be changed, but for the fields that {@link #overwrites} names
   * @return constants, to which the tape gives their cotangents; the tape may overwrite a returned field by its
   * cotangent
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
   * Whether {@link #forward} overwrites this field by something that {@link #reverse} makes the field's cotangent of,
   * in the same memory. Only a field that another operation made can be overwritten, and nothing can read that field
   * afterwards.
   *
   * @param input its place among the inputs
   */
  default boolean overwrites(int input) {
    return false;
  }
}
