package org.halocline.runtime.run;

import java.util.List;
import org.halocline.runtime.config.Problem;

public sealed interface Opening {

  /**
   * It is locked and ready.
   *
   * @param resumed whether the run had begun before
   */
  record Opened(RunDirectory run, boolean resumed) implements Opening {}

  /** To be resumed, but there is nothing left to do. */
  record Finished(String table, String summary) implements Opening {}

  record Refused(List<Problem> problems) implements Opening {
    public Refused {
      problems = List.copyOf(problems);
    }

    Refused(Problem problem) {
      this(List.of(problem));
    }
  }
}
