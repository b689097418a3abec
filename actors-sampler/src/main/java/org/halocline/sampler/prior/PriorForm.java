package org.halocline.sampler.prior;

import java.util.List;
import org.halocline.sampler.distribution.ScalarDistribution;

/** One form in which job files write a prior. Forms of other jars are found by {@link java.util.ServiceLoader}. */
public interface PriorForm {

  /** What comes before the parenthesis. */
  String name();

  /** Names of the numbers inside the parentheses, in order. */
  List<String> numbers();

  /**
   * @param numbers as many as there are names, all finite
   * @throws IllegalArgumentException if there is no such distribution; the message says why
   */
  ScalarDistribution of(double[] numbers);
}
