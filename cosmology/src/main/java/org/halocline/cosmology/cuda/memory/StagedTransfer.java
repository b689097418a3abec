package org.halocline.cosmology.cuda.memory;

import org.halocline.cosmology.cuda.device.DeviceQueue.Transfer;
import org.halocline.cosmology.kernel.Staged;

/** Copies on the second stream, by the last of them. */
public record StagedTransfer(Transfer last) implements Staged {
  @Override
  public boolean isDone() {
    return last.isDone();
  }

  @Override
  public void await() {
    last.await();
  }
}
