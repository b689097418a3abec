package org.halocline.runtime.files;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.halocline.runtime.config.Problem;

/** A file of a run could not be written or read. The message names the file, what is wrong, and the remedy. */
public sealed class StorageException extends IOException permits SupersededException {
  private static final long serialVersionUID = 1;

  /** In every message about a full disk. */
  public static final String SPACE = "space is left on its disk";

  private final transient Problem problem;

  public StorageException(Problem problem) {
    this(problem, null);
  }

  private StorageException(Problem problem, IOException cause) {
    super(problem.toString(), cause);
    this.problem = problem;
  }

  /** Says for a failed operation on a file what to do about it; a full disk is told apart. */
  public static StorageException of(Path file, String operation, IOException cause) {
    if (cause instanceof StorageException already)
      return already;
    if (isDiskFull(cause))
      return new StorageException(
          Problem.of(file.toString(), "cannot be " + operation + ": no " + SPACE,
              "free some space there, or choose another --output, then run again with --resume"),
          cause);
    return new StorageException(Problem.of(file.toString(), "cannot be " + operation + ": " + reason(cause),
        "check the directory and its permissions"), cause);
  }

  /** Whether a message of a job is about a full disk, wherever in the cluster that was found. */
  public static boolean tellsOfFullDisk(String message) {
    return message.contains(SPACE);
  }

  /** Whether a failure, or what caused it, was a full disk or an exceeded quota. */
  public static boolean isDiskFull(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      String message = String.valueOf(t.getMessage());
      if (message.contains("No space left on device") || message.contains("Disk quota exceeded")
          || message.contains("not enough space on the disk"))
        return true;
    }
    return false;
  }

  public Problem problem() {
    return problem;
  }

  private static String reason(IOException cause) {
    if (cause instanceof java.nio.file.AccessDeniedException)
      return "permission denied";
    if (cause instanceof java.nio.file.NoSuchFileException)
      return "it does not exist";
    if (cause instanceof FileSystemException e && e.getReason() != null)
      return e.getReason();
    return String.valueOf(cause.getMessage());
  }
}
