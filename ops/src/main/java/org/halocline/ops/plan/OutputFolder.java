package org.halocline.ops.plan;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.files.AtomicFiles;
import org.halocline.runtime.files.StorageException;

/**
 * The folder of a run that names no {@code --output}: {@code runs/<job>-<n>}. A new run takes the number above the
 * highest one there is; a run that is resumed takes the highest.
 *
 * @param base the folder {@code runs}
 * @param job name of the job file without its ending
 */
public record OutputFolder(Path base, String job) {
  private static final int TRIES = 1000;

  /** The folder of the next run, not made yet. */
  Checked<Path> next() {
    return last().map(last -> folder(last.orElse(0) + 1));
  }

  Checked<Path> newest() {
    return last().then(last -> last.isPresent()
        ? Checked.valid(folder(last.getAsInt()))
        : Checked.invalid(Problem.of("--resume", "there is no run of " + job + " in " + base,
            "name the run's folder by --output, or leave out --resume")));
  }

  /**
   * Makes the folder of the next run, so that no other process takes it.
   *
   * @throws StorageException when the disk refuses
   */
  public Path reserve() throws StorageException {
    try {
      AtomicFiles.createDirectories(base);
      for (int tries = 0; tries < TRIES; tries++) {
        Path folder = next().orThrow();
        try {
          return Files.createDirectory(folder, AtomicFiles.PRIVATE);
        } catch (FileAlreadyExistsException _) {
          // another process was faster: the next number
        }
      }
      throw new IOException("other processes keep taking the next number");
    } catch (IOException e) {
      throw StorageException.of(base, "written in", e);
    }
  }

  private Path folder(int number) {
    return base.resolve(job + "-" + number);
  }

  private Checked<OptionalInt> last() {
    if (!Files.isDirectory(base))
      return Checked.valid(OptionalInt.empty());
    try (Stream<Path> folders = Files.list(base)) {
      return Checked.valid(folders.map(folder -> folder.getFileName().toString())
          .filter(name -> name.startsWith(job + "-")).map(name -> name.substring(job.length() + 1))
          .filter(number -> number.matches("[1-9][0-9]{0,8}")).mapToInt(Integer::parseInt).max());
    } catch (IOException e) {
      return Checked.invalid(StorageException.of(base, "listed", e).problem());
    }
  }
}
