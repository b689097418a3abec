package org.halocline.sampler.model;

import java.util.Optional;
import org.halocline.cosmology.theta.ParameterSpace;
import org.halocline.runtime.config.Settings;

/**
 * A forward model that jobs can name. Kinds are found by {@link java.util.ServiceLoader}: a model adds its package and
 * a line in {@code META-INF/services}. Stateless and thread-safe.
 */
public interface ModelKind {

  /** As the job file's key {@code model} says it. */
  String name();

  /** Whether a job says the kind by its name; one that is not named reads a block at the key {@code model}. */
  default boolean isNamed() {
    return true;
  }

  /** Whether a job that names no model means this one. At most one kind may say so of any job. */
  default boolean fits(Settings job) {
    return false;
  }

  /** The parameters, their ranges and the conditions on several of them. */
  ParameterSpace space();

  /**
   * Reads the model's keys, {@code data} and {@code layout} included, and notes every problem; empty when there was
   * any.
   *
   * @param job the top of the job
   */
  Optional<ModelPlan> read(Settings job, Reading reading);
}
