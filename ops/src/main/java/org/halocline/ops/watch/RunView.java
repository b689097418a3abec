package org.halocline.ops.watch;

import java.nio.file.Path;
import java.util.List;
import org.halocline.ops.cli.ExitCode;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.job.Doubts;
import org.halocline.runtime.job.JobEvent;

/** How a run is shown while it goes on. Used by one thread at a time. */
public sealed interface RunView permits PlainView, JsonView {
  /** Shows a run to a program, on a terminal, or in a file. */
  static RunView of(boolean json) {
    if (json)
      return new JsonView(System.out);
    return Boolean.getBoolean("halocline.terminal")
        ? new TerminalView(System.out, System.err, System::nanoTime)
        : new PlainView(System.out, System.err, System::nanoTime);
  }

  /** What is about to run, before anything has started. */
  void starts(String job, String kind, Path output);

  /** The job cannot run; nothing was started. */
  void refused(String job, List<Problem> problems);

  void event(JobEvent event);

  /** No node tells how the job goes on, or one does again. */
  void silent(String line);

  /** The user asked for the end; it may take a moment. */
  void stopping();

  /** What a command that showed a job to this last event ends with. */
  static int exitCode(JobEvent last) {
    return switch (last) {
      case JobEvent.Finished(_, String summary) -> finished(summary);
      case JobEvent.AlreadyFinished(_, String summary) -> finished(summary);
      case JobEvent.Failed(boolean badInput, _) when badInput -> ExitCode.BAD_INPUT;
      default -> ExitCode.FAILURE;
    };
  }

  private static int finished(String summary) {
    return Doubts.of(summary).isEmpty() ? ExitCode.DONE : ExitCode.NOT_BELIEVED;
  }
}
