package org.halocline.sampler.model;

import java.util.Map;
import org.halocline.sampler.model.input.NpyInput;

/**
 * How the settings of a model are read.
 *
 * @param inputs how closely files are looked at
 * @param ends of the prior of each sampled parameter, by name: two numbers between which practically all of it lies
 */
public record Reading(Use use, NpyInput inputs, Map<String, double[]> ends) {

  public Reading {
    ends = Map.copyOf(ends);
  }

  /** Of a job in which nothing is sampled. */
  public Reading(Use use, NpyInput inputs) {
    this(use, inputs, Map.of());
  }
}
