package org.halocline.sampler.model;

/** Hears how far a model's passes are. Called on the chain's thread; it waits for nothing. */
public interface PassListener {
  PassListener NONE = new PassListener() {
  };

  /** A forward pass has done so many of its steps. */
  default void forward(int step, int steps) {}

  /** A reverse pass has come back to a step, counted from 1. */
  default void back(int step, int steps) {}

  /** A named part of a pass has ended: forward, likelihood, reverse. */
  default void passed(String part) {}
}
