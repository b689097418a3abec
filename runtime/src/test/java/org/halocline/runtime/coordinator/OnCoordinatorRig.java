package org.halocline.runtime.coordinator;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests that have a rig each, on a state directory of its own. */
abstract class OnCoordinatorRig {
  /** In which {@code state} is the state directory. */
  @TempDir
  Path directory;
  CoordinatorRig rig;

  @BeforeEach
  void start() {
    rig = new CoordinatorRig(directory.resolve("state"));
  }

  @AfterEach
  void stop() {
    rig.close();
  }
}
