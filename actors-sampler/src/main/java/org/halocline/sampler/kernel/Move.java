package org.halocline.sampler.kernel;

import com.fasterxml.jackson.annotation.JsonTypeInfo;

/**
 * What the ranks of a chain do for one draw. Each sampler has records of its own, which {@link Sampler#moves} names to
 * Jackson. Small: scalars, never fields.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "move")
public interface Move {

  /** Number of the draw, warm-up included; names the random numbers. */
  int draw();
}
