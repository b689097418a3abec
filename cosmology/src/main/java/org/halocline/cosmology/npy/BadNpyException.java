package org.halocline.cosmology.npy;

import java.io.IOException;
import java.nio.file.Path;

/** An .npy file that cannot be used; the message names the file, what was found and what was expected. */
public final class BadNpyException extends IOException {
  BadNpyException(Path file, String problem) {
    super(file + ": " + problem);
  }

  BadNpyException(Path file, IOException cause) {
    super(file + ": cannot be read (" + (cause instanceof java.nio.file.NoSuchFileException ? "no such file" : cause)
        + ")", cause);
  }
}
