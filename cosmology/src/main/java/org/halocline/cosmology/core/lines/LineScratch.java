package org.halocline.cosmology.core.lines;

import org.halocline.cosmology.kernel.Particles;

/**
 * What is worked out for a piece of a z line of particles before meshes are touched: at most {@link Particles#PIECE}
 * sites, arrays of {@link #STRIDE}. Small enough for the first cache; one lane's own.
 */
public final class LineScratch {
  /** Elements from one array to the next: not a power of two, so that they do not share the sets of a cache. */
  public static final int STRIDE = Particles.PIECE + 16;

  /** Where the numbers of each axis begin. */
  public static final int X = 0;
  public static final int Y = STRIDE;
  public static final int Z = 2 * STRIDE;

  /** Where the numbers of each line (x, y) of a cell's four along z begin: 0 is the lower neighbour, 1 the upper. */
  public static final int LINE_00 = 0;
  public static final int LINE_01 = STRIDE;
  public static final int LINE_10 = 2 * STRIDE;
  public static final int LINE_11 = 3 * STRIDE;

  /** Where the numbers of each corner of a cell begin: the lower and the upper z neighbour on each line (x, y). */
  public static final int LOWER_00 = 0;
  public static final int UPPER_00 = STRIDE;
  public static final int LOWER_01 = 2 * STRIDE;
  public static final int UPPER_01 = 3 * STRIDE;
  public static final int LOWER_10 = 4 * STRIDE;
  public static final int UPPER_10 = 5 * STRIDE;
  public static final int LOWER_11 = 6 * STRIDE;
  public static final int UPPER_11 = 7 * STRIDE;

  /** By line: the offset of the lower z neighbour. */
  public final int[] corner = new int[4 * STRIDE];
  /** From the lower z neighbour to the upper. */
  public final int[] up = new int[STRIDE];
  /** How far into its cell a particle is, by axis. */
  final float[] fraction = new float[3 * STRIDE];
  /** By corner: what it gets. */
  public final int[] weight = new int[8 * STRIDE];
  /** What was read of a mesh: by axis of the force, or by corner. */
  public final float[] read = new float[8 * STRIDE];
  /** By particle, three axes and one to spare: the force. */
  final float[] force = new float[4 * STRIDE + 4];
  /** As {@link #force}: what pulls on the force. */
  public final float[] cotangent = new float[4 * STRIDE + 4];
  /** As {@link #force}: its derivatives by x, y and z, each times what pulls on the force. */
  public final float[][] pulls = new float[3][4 * STRIDE + 4];
}
