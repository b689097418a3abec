package org.halocline.cosmology.random;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bit for bit StrictMath's, everywhere that noise asks for. */
@Timeout(300)
class AngleTest {
  private static final double TURN = 2 * StrictMath.PI;
  private static final int EIGHTHS = 8;
  private final double[] pair = new double[2];

  private void assertSame(double angle) {
    Angle.cosineAndSine(angle, pair);
    assertEquals(Double.doubleToRawLongBits(StrictMath.cos(angle)), Double.doubleToRawLongBits(pair[0]),
        () -> "cosine of " + Double.toHexString(angle));
    assertEquals(Double.doubleToRawLongBits(StrictMath.sin(angle)), Double.doubleToRawLongBits(pair[1]),
        () -> "sine of " + Double.toHexString(angle));
  }

  @Test
  void shouldBeStrictMathsAtRandomAngles() {
    SplittableRandom random = Seeds.random("angles", 7);
    for (int i = 0; i < 1_000_000; i++)
      assertSame(TURN * random.nextDouble());
  }

  /** Where reductions cancel: at each eighth of a turn, the doubles next to it and distances of every size. */
  @Test
  void shouldBeStrictMathsNextToEveryEighth() {
    SplittableRandom random = Seeds.random("eighths", 8);
    for (int eighth = 0; eighth <= EIGHTHS; eighth++) {
      double edge = TURN * eighth / EIGHTHS;
      for (long ulps = eighth == 0 ? 0 : -2000; ulps <= (eighth == EIGHTHS ? 0 : 2000); ulps++)
        assertSame(Double.longBitsToDouble(Double.doubleToRawLongBits(edge) + ulps));
      for (int i = 0; i < 20_000; i++) {
        double angle = edge + (random.nextBoolean() ? 1 : -1) * Math.scalb(random.nextDouble(), -random.nextInt(60));
        if (angle >= 0 && angle <= TURN)
          assertSame(angle);
      }
    }
  }

  @Test
  void shouldTakeTheSmallestUniformNumber() {
    assertSame(TURN * NoiseKey.uniform(0, 0));
    assertSame(TURN * NoiseKey.uniform(-1, -1));
  }
}
