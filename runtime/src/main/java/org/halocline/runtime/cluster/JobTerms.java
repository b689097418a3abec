package org.halocline.runtime.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.halocline.runtime.WireMessage;
import org.halocline.runtime.config.Problem;

/**
 * On what terms a job runs among others.
 *
 * @param priority −100 to 100; higher goes first, equals go in the order of submission
 * @param mostLanes lanes it may have at once; empty for as many as it can use
 * @param mostRestarts how often in a row it is started again without having come further
 * @param mostSeconds of running, all starts together, after which it is cancelled with a checkpoint; empty for no limit
 */
public record JobTerms(int priority, OptionalInt mostLanes, int mostRestarts,
    OptionalLong mostSeconds) implements WireMessage {
  public static final int HIGHEST = 100;
  public static final int MOST_RESTARTS = 1000;
  /** Ten years. */
  public static final long LONGEST_SECONDS = 10L * 366 * 24 * 3600;

  /** Priority 0, any number of lanes, any time, five restarts without progress. */
  public static JobTerms usual() {
    return new JobTerms(0, OptionalInt.empty(), 5, OptionalLong.empty());
  }

  public JobTerms withPriority(int newPriority) {
    return new JobTerms(newPriority, mostLanes, mostRestarts, mostSeconds);
  }

  /** Every problem of these terms; none when they can be kept. */
  public List<Problem> validate() {
    List<Problem> problems = new ArrayList<>();
    if (priority < -HIGHEST || priority > HIGHEST)
      problems.add(new Problem("priority", Integer.toString(priority), "must be from " + -HIGHEST + " to " + HIGHEST,
          "choose a value in that range"));
    if (mostLanes.isPresent() && mostLanes.getAsInt() < 1)
      problems.add(new Problem("most-lanes", Integer.toString(mostLanes.getAsInt()), "must be at least 1",
          "leave it out for any number"));
    if (mostRestarts < 0 || mostRestarts > MOST_RESTARTS)
      problems.add(new Problem("most-restarts", Integer.toString(mostRestarts), "must be from 0 to " + MOST_RESTARTS,
          "choose a value in that range"));
    if (mostSeconds.isPresent() && (mostSeconds.getAsLong() < 1 || mostSeconds.getAsLong() > LONGEST_SECONDS))
      problems.add(new Problem("most-seconds", Long.toString(mostSeconds.getAsLong()),
          "must be from 1 to " + LONGEST_SECONDS,
          "leave it out for no limit"));
    return problems;
  }
}
