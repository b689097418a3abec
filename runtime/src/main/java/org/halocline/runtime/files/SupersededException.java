package org.halocline.runtime.files;

import org.halocline.runtime.config.Problem;

/** A directory has a newer owner: what this process wanted to write there no longer counts, and nothing was changed. */
public final class SupersededException extends StorageException {
  private static final long serialVersionUID = 1;

  SupersededException(Problem problem) {
    super(problem);
  }
}
