package org.halocline.cosmology.lensing;

import java.io.IOException;
import java.nio.file.Path;

/** A table of source redshifts that cannot be used; the message names file, line and value. */
public final class BadSourcesException extends IOException {
  BadSourcesException(Path file, String problem) {
    super(file + ": " + problem);
  }

  BadSourcesException(Path file, long line, String problem) {
    super(file + ", line " + line + ": " + problem);
  }

  BadSourcesException(Path file, IOException cause) {
    super(file + ": cannot be read (" + cause + ")", cause);
  }
}
