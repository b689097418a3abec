package org.halocline.cosmology.cuda;

import org.halocline.cosmology.cuda.device.DeviceQueue.Transfer;
import org.halocline.cosmology.mesh.Staged;

/** Copies on the second stream, by the last of them. */
record StagedTransfer(Transfer last) implements Staged {
  @Override
  public boolean isDone() {
    return last.isDone();
  }

  @Override
  public void await() {
    last.await();
  }
}
