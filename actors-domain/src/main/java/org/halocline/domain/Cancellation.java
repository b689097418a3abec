package org.halocline.domain;

import java.util.Optional;

/** A flag that goes up once, with the reason. Thread-safe. */
final class Cancellation {
  private volatile Optional<String> reason = Optional.empty();

  /** The first reason stays. */
  synchronized void cancel(String why) {
    if (reason.isEmpty())
      reason = Optional.of(why);
  }

  boolean isCancelled() {
    return reason.isPresent();
  }

  Optional<String> reason() {
    return reason;
  }
}
