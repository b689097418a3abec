package org.halocline.sampler.model.nbody;

import org.halocline.cosmology.kernel.FixedPoint;
import org.halocline.cosmology.timeline.StepCoefficients;
import org.halocline.runtime.config.Range;
import org.halocline.runtime.config.Settings;

/** The block {@code simulation.fixed-point}: the quanta of the particles, chosen once and then part of the job. */
final class Quanta {
  /** Finer than a 65536th of a cell; the largest displacement allowed leaves room for it. */
  private static final int LEAST_BITS = 16;

  private Quanta() {}

  static FixedPoint read(Settings block, DisplacementLimit limit, StepCoefficients coefficients) {
    FixedPoint chosen = FixedPoint.of(limit.largest(), coefficients.momentumGrowth());
    int bits = block.integer("displacement-bits", chosen.displacementBits(), LEAST_BITS, 24);
    if (Math.scalb(2 * limit.largest() + 2, bits) > 0x1p31)
      block.refuse("displacement-bits",
          "must leave room for displacements of " + limit.largest() + " cells, with a margin of two",
          "set it to " + chosen.displacementBits() + ", or leave it out");
    double momentum = block.number("momentum-quantum", chosen.momentum(), Range.between(0x1p-60, 1));
    if (Math.scalb(1.0, Math.getExponent(momentum)) != momentum) {
      block.refuse("momentum-quantum", "must be a power of two", "leave it out");
      momentum = chosen.momentum();
    }
    int mass = block.integer("mass-bits", chosen.massBits(), 8, 24);
    return new FixedPoint(Math.clamp(bits, LEAST_BITS, 24), momentum, Math.clamp(mass, 8, 24));
  }
}
