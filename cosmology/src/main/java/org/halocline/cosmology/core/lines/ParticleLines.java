package org.halocline.cosmology.core.lines;

/**
 * The arithmetic of a piece of a z line of particles, all but what scatters or gathers single cells.
 * {@link ScalarParticleLines} says what the numbers are; {@link VectorParticleLines} makes the same bits faster.
 */
public interface ParticleLines {

  /**
   * An axis of a mesh as particles see it: cells, ghosts on either side (0: it wraps around), elements from cell to
   * cell.
   */
  record Axis(int cells, int halo, int stride) {}

  /** Displacements by axis, in quanta of 2^-bits cell. */
  record Positions(int[] x, int[] y, int[] z, int bits) {
    float quantum() {
      return 1f / (1 << bits);
    }

    int mask() {
      return (1 << bits) - 1;
    }
  }

  /** Particles and the axes of a mesh on which they stand. */
  record Frame(Positions at, Axis x, Axis y, Axis z) {}

  /**
   * Corners and fractions of sites (i, j, k0 …) on a mesh.
   *
   * @param n index of the first site
   */
  void locate(Frame frame, int n, int count, int i, int j, int k0, LineScratch into);

  /**
   * Lines 00 and 10 and fractions in a ring of force planes, of sites from the window's first cell on.
   *
   * @param firstSlot the slot of the lowest plane a particle of these sites can touch
   * @param row rows from the window's first to the lowest that a particle of these sites can touch
   */
  void locate(Positions at, int n, int count, int firstSlot, int row, ForceWindow window, LineScratch into);

  /** Weights of cloud-in-cell, in integers that sum to the mass exactly, from the fractions. */
  void massWeights(int count, float mass, LineScratch scratch);

  /** {@code round(factor · value)} times the weights of cloud-in-cell, from the fractions. */
  void cotangentWeights(float[] value, int n, int count, float factor, LineScratch scratch);

  /** Reads the force at every particle into {@link LineScratch#read}, by axis. */
  void read(int count, ForceWindow window, LineScratch scratch);

  /** As {@link #read}; and its derivatives by the position, times the {@link LineScratch#cotangent}, into the pulls. */
  void readSlopes(int count, ForceWindow window, LineScratch scratch);

  /**
   * Derivatives by the position of what was read of a mesh, its corners in {@link LineScratch#read}: added to ξ from
   * site n on.
   */
  void addSlopes(int n, int count, LineScratch scratch, float[] xix, float[] xiy, float[] xiz);

  /** The differences that forces are made of. */
  DifferenceLines differences();
}
