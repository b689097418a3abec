package org.halocline.ops;

import java.nio.file.Path;
import java.util.List;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.job.JobEvent;

/** How a run is shown while it goes on. Used by one thread at a time. */
sealed interface RunView permits PlainView, TerminalView, JsonView {

  /** What is about to run, before anything has started. */
  void starts(String job, String kind, Path output);

  /** The job cannot run; nothing was started. */
  void refused(String job, List<Problem> problems);

  void event(JobEvent event);

  /** The user asked for the end; it may take a moment. */
  void stopping();
}
