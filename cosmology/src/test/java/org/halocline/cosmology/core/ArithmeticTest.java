package org.halocline.cosmology.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.halocline.cosmology.fft.JTransformsLines;
import org.halocline.cosmology.fft.vector.VectorLines;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class ArithmeticTest {

  @Test
  void shouldTakeTheVectorApiWhereItIsWide() {
    Arithmetic best = Arithmetic.resolve("");
    assertEquals(VectorLines.bits() >= 256, best.lines() == Arithmetic.Lines.VECTOR, best.reason());
  }

  @Test
  void shouldBeForcedByName() {
    assertInstanceOf(JTransformsLines.class, Arithmetic.resolve("jtransforms").transforms());
    assertEquals("core/jtransforms", Arithmetic.resolve("jtransforms").name());
    assertInstanceOf(VectorLines.class, Arithmetic.resolve("vector").transforms());
    assertEquals("core/vector-fft-1", Arithmetic.resolve("vector").name());
  }

  @Test
  void shouldNameNothingWhereItOnlyPlans() {
    Arithmetic later = Arithmetic.resolve("later");
    assertEquals("", later.name());
    assertThrows(IllegalStateException.class, later::transforms);
  }

  @Test
  void shouldRefuseWhatItDoesNotKnow() {
    String message = assertThrows(IllegalStateException.class, () -> Arithmetic.resolve("fftw")).getMessage();
    assertTrue(message.contains("halocline.fft=fftw") && message.contains("jtransforms"), message);
  }
}
