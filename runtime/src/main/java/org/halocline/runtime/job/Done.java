package org.halocline.runtime.job;

import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * How far a part of a job has come.
 *
 * @param chain the part, if it is one of the job's chains; empty for the whole job
 * @param done units of work that are done: draws, steps
 * @param of units of work in all; 0 where they are not known
 * @param secondsLeft until the part has done them, where it can tell
 */
public record Done(OptionalInt chain, double done, double of, OptionalDouble secondsLeft) {

  public static Done unknown() {
    return new Done(OptionalInt.empty(), 0, 0, OptionalDouble.empty());
  }

  public static Done ofJob(double done, double of) {
    return new Done(OptionalInt.empty(), done, of, OptionalDouble.empty());
  }

  /** @param secondsLeft negative where it cannot tell */
  public static Done ofChain(int chain, double done, double of, double secondsLeft) {
    return new Done(OptionalInt.of(chain), done, of,
        secondsLeft < 0 ? OptionalDouble.empty() : OptionalDouble.of(secondsLeft));
  }

  /** 0 to 1. */
  public double share() {
    return of > 0 ? Math.min(1, done / of) : 0;
  }
}
