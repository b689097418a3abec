package org.halocline.sampler.distribution.vector;

import java.util.List;
import org.halocline.sampler.distribution.Distribution;
import org.halocline.sampler.tape.Scalar;
import org.halocline.sampler.tape.Tape;
import org.halocline.sampler.tape.Vector;

/** Independent numbers, each with a distribution of its own; only observed. */
public record Independent(List<Distribution<Scalar>> parts) implements Distribution<Vector> {

  public Independent {
    parts = List.copyOf(parts);
  }

  @Override
  public Class<Vector> type() {
    return Vector.class;
  }

  @Override
  public Scalar misfit(Vector value, Tape tape) {
    return misfit(parts, value, tape);
  }

  @Override
  public double normalisation(Tape tape) {
    return parts.stream().mapToDouble(part -> part.normalisation(tape)).reduce(0, Double::sum);
  }

  @Override
  public String remedy() {
    return parts.isEmpty() ? Distribution.super.remedy() : parts.getFirst().remedy();
  }

  static Scalar misfit(List<? extends Distribution<Scalar>> parts, Vector value, Tape tape) {
    if (value.size() != parts.size())
      throw new IllegalArgumentException(
          "a vector of " + value.size() + " numbers where " + parts.size() + " are distributed");
    Scalar sum = Scalar.constant(0);
    for (int i = 0; i < parts.size(); i++)
      sum = sum.plus(parts.get(i).misfit(value.get(i), tape));
    return sum;
  }
}
