package org.halocline.sampler.tape;

import org.halocline.cosmology.comm.Collectives;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.mesh.Block;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;

/**
 * Where one rank of one chain computes: its kernels, its place in the mesh and its way to the other ranks. Used by the
 * chain's own thread only.
 */
public record RankScope(Kernels kernels, Decomposition decomposition, int rank, Collectives collectives,
    Scratch scratch) {

  public RankScope(Kernels kernels, Decomposition decomposition, int rank, Collectives collectives) {
    this(kernels, decomposition, rank, collectives, new Scratch());
  }

  /**
   * How the ranks share a mesh: the domain's own as the domain cuts it, any other as evenly as it goes over the same
   * grid of ranks.
   *
   * @throws IllegalArgumentException if the mesh has fewer rows than the grid has ranks along x or y
   */
  public Decomposition decomposition(Mesh mesh) {
    if (mesh.equals(decomposition.mesh()))
      return decomposition;
    if (mesh.nx() < decomposition.px() || mesh.ny() < decomposition.py())
      throw new IllegalArgumentException("a mesh of " + mesh.nx() + " × " + mesh.ny() + " × " + mesh.nz()
          + " cells cannot be cut over " + decomposition.px() + " × " + decomposition.py()
          + " ranks; it needs a row of cells for each of them along x and y");
    return Decomposition.even(mesh, decomposition.px(), decomposition.py());
  }

  public Block block() {
    return decomposition.block(rank);
  }

  /** Whether this rank holds gathered arrays. */
  public boolean first() {
    return rank == 0;
  }
}
