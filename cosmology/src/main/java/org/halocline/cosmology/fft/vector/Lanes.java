package org.halocline.cosmology.fft.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * How many lines stand side by side in a vector: a bundle. A tile holds one bundle, element by element, each as a
 * vector of real parts and a vector of imaginary parts; lane l belongs to line l throughout, and no operation crosses
 * lanes but the moves in and out of a tile. So a line's bits depend on neither its neighbours nor the width.
 */
final class Lanes {
  /** Bits of a vector; unset: the widest that this machine is good at. For tests. */
  static final String BITS = "halocline.fft.vector-bits";

  static final VectorSpecies<Float> SPECIES = species();
  /** Lines of a bundle. */
  static final int COUNT = SPECIES.length();
  /** Floats from one element of a tile to the next. */
  static final int ELEMENT = 2 * COUNT;

  private Lanes() {}

  private static VectorSpecies<Float> species() {
    return switch (Integer.getInteger(BITS, 0)) {
      case 128 -> FloatVector.SPECIES_128;
      case 256 -> FloatVector.SPECIES_256;
      case 512 -> FloatVector.SPECIES_512;
      default -> FloatVector.SPECIES_PREFERRED;
    };
  }
}
