package org.halocline.cosmology.cuda.driver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads the natives of JCuda's classes. JCuda unpacks them to {@code java.io.tmpdir} under fixed names and trusts a
 * file that is there already, even if another user wrote it. So that property names a new folder of this process, which
 * no one else can enter, while a class initialises; a library that is loaded needs its file no more, so the folder is
 * removed at once.
 */
final class Natives {
  private static final Logger LOG = LoggerFactory.getLogger(Natives.class);
  private static final String TEMPORARY = "java.io.tmpdir";

  private Natives() {}

  /** Initialises a class of JCuda. */
  static synchronized void load(String className) throws UnavailableException {
    String before = System.getProperty(TEMPORARY);
    Path folder = privateFolder(before);
    try {
      System.setProperty(TEMPORARY, folder.toString());
      Class.forName(className, true, Natives.class.getClassLoader());
    } catch (ClassNotFoundException | LinkageError | RuntimeException e) {
      throw new UnavailableException(className + " cannot be loaded: " + cause(e) + remedy(e, before), e);
    } finally {
      System.setProperty(TEMPORARY, before);
      remove(folder);
    }
  }

  private static Path privateFolder(String parent) throws UnavailableException {
    try {
      return Files.createTempDirectory(Path.of(parent), "halocline-cuda-",
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException | UnsupportedOperationException e) {
      throw new UnavailableException(
          "no folder can be made in " + TEMPORARY + "=" + parent + " to unpack JCuda's libraries: " + e, e);
    }
  }

  /** A folder that stays is no reason to do without a GPU. */
  private static void remove(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList())
        Files.delete(file);
      Files.delete(folder);
    } catch (IOException | UncheckedIOException e) {
      LOG.warn("the folder of JCuda's libraries, {}, cannot be removed: {}", folder, e.toString());
    }
  }

  /** The loader's own words: JCuda wraps them in stack traces as text. */
  private static String cause(Throwable thrown) {
    Throwable innermost = thrown;
    while (innermost.getCause() != null)
      innermost = innermost.getCause();
    String found = String.valueOf(innermost.getMessage());
    for (String line : found.lines().toList())
      if (line.startsWith("java.") && line.contains(": "))
        found = line.substring(line.indexOf(": ") + 2);
    return found;
  }

  private static String remedy(Throwable thrown, String folder) {
    return cause(thrown).contains("map segment")
        ? "; is " + folder + " mounted noexec? Name another folder with -D" + TEMPORARY
        : "";
  }
}
