package org.halocline.sampler.support;

import java.util.List;
import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.sampler.distribution.Distribution;
import org.halocline.sampler.tape.Gathered;
import org.halocline.sampler.tape.Operation;
import org.halocline.sampler.tape.Pullback;
import org.halocline.sampler.tape.RankScope;
import org.halocline.sampler.tape.Scalar;
import org.halocline.sampler.tape.Tape;
import org.halocline.sampler.tape.Value;
import org.halocline.sampler.tape.Values;

/** A likelihood that main code does not know: counts n of mean exp(log mean), an array on rank 0. */
public record Poisson(Gathered logMean) implements Distribution<Gathered> {

  @Override
  public Class<Gathered> type() {
    return Gathered.class;
  }

  /** Σ λ − n log λ; the term Σ log n! of the data is left out. */
  @Override
  public Scalar misfit(Gathered counts, Tape tape) {
    return tape.apply(new Cash(tape.scope(), counts.values()), logMean).scalar(0);
  }

  private record Cash(RankScope scope, double[] counts) implements Operation {

    @Override
    public List<Value> forward(Values inputs) {
      double[] log = inputs.array(0);
      ExactSum sum = new ExactSum();
      for (int i = 0; i < log.length; i++)
        sum.add(StrictMath.exp(log[i]) - counts[i] * log[i]);
      scope.collectives().sum(sum);
      return List.of(Scalar.constant(sum.value()));
    }

    @Override
    public void reverse(Values inputs, Pullback pullback) {
      double[] log = inputs.array(0);
      double[] cotangent = pullback.toArray(0);
      for (int i = 0; i < cotangent.length; i++)
        cotangent[i] += pullback.ofNumber(0) * (StrictMath.exp(log[i]) - counts[i]);
    }
  }
}
