package org.halocline.cosmology.mesh;

/**
 * The mesh cut into px × py blocks, each with the whole z axis. Rank r stands at (r / py, r % py). Every rank knows the
 * whole decomposition; nothing about it is ever sent.
 */
public record Decomposition(Mesh mesh, Split x, Split y) {

  public Decomposition {
    if (x.cells() != mesh.nx() || y.cells() != mesh.ny())
      throw new IllegalArgumentException("the splits " + x + ", " + y + " do not cover the mesh " + mesh);
  }

  /** The mesh cut as evenly as it goes. */
  public static Decomposition even(Mesh mesh, int px, int py) {
    return new Decomposition(mesh, Split.even(mesh.nx(), px), Split.even(mesh.ny(), py));
  }

  public int px() {
    return x.parts();
  }

  public int py() {
    return y.parts();
  }

  public int ranks() {
    return px() * py();
  }

  public int rank(int ix, int iy) {
    return ix * py() + iy;
  }

  public Block block(int rank) {
    int ix = rank / py();
    int iy = rank % py();
    return new Block(x.start(ix), x.size(ix), y.start(iy), y.size(iy), mesh.nz());
  }
}
