package org.halocline.cosmology.core.lines;

import org.halocline.cosmology.kernel.Particles;

/**
 * What is worked out for a piece of a z line of particles before meshes are touched: at most {@link Particles#PIECE} sites, arrays of
 * {@link #STRIDE}. Small enough for the first cache; one lane's own.
 */
public final class LineScratch {
  /** Elements from one array to the next: not a power of two, so that they do not share the sets of a cache. */
  public static final int STRIDE = Particles.PIECE + 16;

  /** Offsets of the lower z neighbour on the four lines (x, y), (x, y + 1), (x + 1, y), (x + 1, y + 1). */
  public final int[] corner = new int[4 * STRIDE];
  /** From the lower z neighbour to the upper. */
  public final int[] up = new int[STRIDE];
  /** How far into its cell a particle is, by axis. */
  final float[] fraction = new float[3 * STRIDE];
  /** What each corner gets: the lines as in {@link #corner}, lower then upper z neighbour. */
  public final int[] weight = new int[8 * STRIDE];
  /** What was read of a mesh: by axis of the force, or by corner as in {@link #weight}. */
  public final float[] read = new float[8 * STRIDE];
  /** By particle, three axes and one to spare: the force. */
  final float[] force = new float[4 * STRIDE + 4];
  /** As {@link #force}: what pulls on the force. */
  public final float[] cotangent = new float[4 * STRIDE + 4];
  /** As {@link #force}: its derivatives by x, y and z, each times what pulls on the force. */
  public final float[][] pulls = new float[3][4 * STRIDE + 4];
}
