package org.halocline.cosmology.kernel;

/**
 * The quanta of a job's particles, fixed for the job. Displacement: 2^-displacementBits of a cell, int32. Momentum P =
 * p/Πα: a power of two. Mass: 2^massBits units a particle.
 *
 * @param displacementBits at most 24
 * @param momentum quantum of P, a power of two
 * @param massBits 20, or 18 for fine meshes
 */
public record FixedPoint(int displacementBits, double momentum, int massBits) {

  private static final int LEAST_BITS = 8;

  public FixedPoint {
    if (displacementBits < LEAST_BITS || displacementBits > 24)
      throw new IllegalArgumentException("displacement bits " + displacementBits + " are outside 8…24");
    if (massBits < 8 || massBits > 24)
      throw new IllegalArgumentException("mass bits " + massBits + " are outside 8…24");
    if (!(momentum > 0 && momentum < Double.POSITIVE_INFINITY)
        || Math.scalb(1.0, Math.getExponent(momentum)) != momentum)
      throw new IllegalArgumentException("momentum quantum " + momentum + " is not a power of two");
  }

  /**
   * The quanta for a largest displacement and the momentum growth 1/Πα of the job's reference cosmology: 2^-24 cell
   * where that spans the displacement with a margin of two, else coarser; momentum 2^-24/Πα rounded up to a power of
   * two.
   */
  public static FixedPoint of(double largestDisplacementCells, double momentumGrowth) {
    if (!(largestDisplacementCells >= 0 && Math.scalb(2 * largestDisplacementCells + 2, LEAST_BITS) < 0x1p31))
      throw new IllegalArgumentException("largest displacement " + largestDisplacementCells
          + " cells: must be 0 … " + (0x1p31 / (1 << LEAST_BITS) / 2 - 1));
    if (!(momentumGrowth > 0 && momentumGrowth < Double.POSITIVE_INFINITY))
      throw new IllegalArgumentException("momentum growth " + momentumGrowth + ": must be positive and finite");
    int bits = 24;
    while (Math.scalb(2 * largestDisplacementCells + 2, bits) >= 0x1p31)
      bits--;
    int exponent = Math.getExponent(momentumGrowth);
    if (Math.scalb(1.0, exponent) < momentumGrowth)
      exponent++;
    return new FixedPoint(bits, Math.scalb(1.0, exponent - bits), 20);
  }

  /** Quantum of displacement, cells. */
  public double cell() {
    return Math.scalb(1.0, -displacementBits);
  }

  /** Quanta of displacement that a quantum of momentum moves a particle in a drift by c cells a unit of momentum. */
  public double driftQuanta(double c) {
    return c * momentum / cell();
  }

  /** Units of mass that one particle paints. */
  public int massUnits() {
    return 1 << massBits;
  }
}
