package org.halocline.ops.bench;

import java.util.Locale;

/**
 * Bytes a particle, or a cell, that a piece moves at least to and from a GPU's memory, when each field that it needs
 * passes once: every number is four bytes, read, or read and written. ops/docs/gpu-kernels.md counts the same.
 */
enum GpuBytes {
  /** x; the mesh cleared, and added to. */
  PAINT(12 + 4 + 8),
  /** x, φ; P there and back. */
  KICK(12 + 4 + 24),
  /** P; x there and back. */
  DRIFT(12 + 24),
  /** Two sweeps of a mesh each way: lines along z and y are one. */
  TRANSFORM(4 * 8),
  /** Three sweeps of a mesh: lines along z and y, lines along x there and back, lines along y and z. */
  POTENTIAL(3 * 8),
  /**
   * The particles painted, their overdensity, its potential, a kick and the drifts after it: x, P there and back; φ.
   */
  FORWARD(PAINT.count + Parts.DENSITY + POTENTIAL.count + 48 + 4),
  /** A forward step that cuts its plane. */
  LIGHT_CONE(FORWARD.count + Parts.PLANE),
  /** A forward step, and one back: the force is made again for the kick, and another of the cotangents. */
  GRADIENT(FORWARD.count + Parts.DRIFTS_BACK + PAINT.count + Parts.DENSITY + POTENTIAL.count + Parts.KICK_BACK
      + 3 * (PAINT.count + Parts.COTANGENT) + POTENTIAL.count + Parts.READ_BACK),
  /** A plane is cut on the way there, and its cotangent added to a mesh on the way back. */
  LIGHT_CONE_GRADIENT(GRADIENT.count + Parts.PLANE + 8);

  private static final class Parts {
    static final int DENSITY = 8;
    /** The painted mesh read once more. */
    static final int PLANE = 4;
    /** The drifts undone and transposed together: x, π there and back; P, ξ. */
    static final int DRIFTS_BACK = 48 + 24;
    /** The kick undone and transposed: x, φ, π; P, ξ there and back. */
    static final int KICK_BACK = 12 + 4 + 12 + 48;
    /** A cotangent of a force that was painted, differenced and added up. */
    static final int COTANGENT = 8 + 12;
    /** The potential of the cotangents read: x, the mesh; ξ there and back. */
    static final int READ_BACK = 12 + 4 + 24;
  }

  private final int count;

  GpuBytes(int count) {
    this.count = count;
  }

  /** The bytes of a kernel of particles, by its name. */
  static GpuBytes of(String kernel) {
    return valueOf(kernel.toUpperCase(Locale.ROOT));
  }

  int count() {
    return count;
  }
}
