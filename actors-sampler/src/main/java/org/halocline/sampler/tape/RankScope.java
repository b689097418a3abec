package org.halocline.sampler.tape;

import org.halocline.cosmology.comm.Collectives;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.mesh.Block;
import org.halocline.cosmology.mesh.Decomposition;

/**
 * Where one rank of one chain computes: its kernels, its place in the mesh and its way to the other ranks. Used by the
 * chain's own thread only.
 */
public record RankScope(Kernels kernels, Decomposition decomposition, int rank, Collectives collectives,
    Scratch scratch) {

  public RankScope(Kernels kernels, Decomposition decomposition, int rank, Collectives collectives) {
    this(kernels, decomposition, rank, collectives, new Scratch());
  }

  public Block block() {
    return decomposition.block(rank);
  }

  /** Whether this rank holds gathered arrays. */
  public boolean first() {
    return rank == 0;
  }
}
