package org.halocline.cosmology.cuda.gpu;

import org.halocline.cosmology.cuda.device.DeviceBuffer;

/** A range of device memory. */
record CudaBuffer(CudaQueue queue, long address, long bytes) implements DeviceBuffer {

  @Override
  public String toString() {
    return bytes + " bytes";
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
