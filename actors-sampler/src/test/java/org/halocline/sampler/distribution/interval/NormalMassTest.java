package org.halocline.sampler.distribution.interval;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.halocline.sampler.distribution.scalar.Normal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class NormalMassTest {

  @Test
  void shouldFindTailMassesOnALogarithmicScale() {
    assertEquals(StrictMath.log(0.5), NormalMass.log(0, Double.POSITIVE_INFINITY), 1e-15);
    assertEquals(-53.23128515051247, NormalMass.log(10, Double.POSITIVE_INFINITY), 1e-12);
    assertEquals(-804.6084420137538, NormalMass.log(40, Double.POSITIVE_INFINITY), 1e-9);
    assertEquals(-53.23128515051247, NormalMass.log(Double.NEGATIVE_INFINITY, -10), 1e-12);
    assertEquals(NormalMass.logUpper(5 - 1e-12), NormalMass.logUpper(5 + 1e-12), 1e-10);
    assertEquals(-0.5 * 9 - Normal.HALF_LOG_TWO_PI + Math.log(1e-9), NormalMass.log(3, 3 + 1e-9), 1e-6);
  }
}
