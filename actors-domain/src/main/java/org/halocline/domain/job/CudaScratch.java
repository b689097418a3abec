package org.halocline.domain.job;

import org.halocline.cosmology.mesh.Decomposition;

/** What the kernels of one chain take of a device for themselves. */
final class CudaScratch {
  private static final long BYTES = 256L << 20;

  private CudaScratch() {}

  static long bytes(Decomposition decomposition, int rank) {
    return BYTES;
  }
}
