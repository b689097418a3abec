package org.halocline.sampler.tape;

import java.util.Arrays;
import java.util.List;
import org.halocline.cosmology.kernel.Field;

/**
 * The values that an operation reads, or those that it made, in order.
 *
 * @param all scalars, vectors, fields and arrays
 */
public record Values(List<Value> all) {

  public Values {
    all = List.copyOf(all);
  }

  public int size() {
    return all.size();
  }

  public Scalar scalar(int at) {
    return typed(Scalar.class, at);
  }

  public Vector vector(int at) {
    return typed(Vector.class, at);
  }

  public Sharded sharded(int at) {
    return typed(Sharded.class, at);
  }

  public Gathered gathered(int at) {
    return typed(Gathered.class, at);
  }

  /** The number of a scalar. */
  public double number(int at) {
    return scalar(at).value();
  }

  /** The numbers of scalars that follow each other. */
  public double[] numbers(int first, int count) {
    double[] numbers = new double[count];
    Arrays.setAll(numbers, i -> number(first + i));
    return numbers;
  }

  /** This rank's block of a field. */
  public Field.Floats field(int at) {
    return sharded(at).field();
  }

  /** An array on rank 0; length 0 elsewhere. */
  public double[] array(int at) {
    return gathered(at).values();
  }

  private <V extends Value> V typed(Class<V> type, int at) {
    Value value = all.get(at);
    if (!type.isInstance(value))
      throw new IllegalArgumentException("value " + at + " is a " + value.getClass().getSimpleName() + ", not a "
          + type.getSimpleName());
    return type.cast(value);
  }
}
