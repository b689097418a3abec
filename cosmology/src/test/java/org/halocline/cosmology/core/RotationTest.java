package org.halocline.cosmology.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.random.NoiseKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The exact flow of a harmonic oscillator must not gain or lose energy, however many steps a trajectory has. */
@Timeout(300)
class RotationTest {
  private static final Mesh MESH = new Mesh(32, 32, 32, 1, 1, 1);

  private final Kernels kernels = CoreKernels.of();
  private final Decomposition whole = Decomposition.even(MESH, 1, 1);

  @Test
  void shouldKeepTheEnergyOverAThousandRotations() {
    Field.Floats q = noise(1);
    Field.Floats p = noise(2);
    double before = energy(q, p);
    for (int step = 0; step < 1000; step++)
      kernels.vectors().rotate(q, p, 0.0731);
    assertEquals(1, energy(q, p) / before, 1e-6);
  }

  @Test
  void shouldSwapPositionAndMomentumInAQuarterTurn() {
    Field.Floats q = noise(3);
    Field.Floats p = noise(4);
    float[] position = read(q);
    float[] momentum = read(p);
    kernels.vectors().rotate(q, p, StrictMath.PI / 2);
    float[] turned = read(q);
    float[] other = read(p);
    for (int i = 0; i < turned.length; i++) {
      assertEquals(momentum[i], turned[i], 1e-6f);
      assertEquals(-position[i], other[i], 1e-6f);
    }
  }

  private Field.Floats noise(long seed) {
    Field.Floats field = kernels.memory().floats(MESH.size());
    kernels.vectors().normal(field, whole, 0, new NoiseKey(seed, NoiseKey.Purpose.TEST));
    return field;
  }

  private double energy(Field.Floats q, Field.Floats p) {
    ExactSum sum = new ExactSum();
    kernels.vectors().dot(q, q, MESH.nz(), 0.5, sum);
    kernels.vectors().dot(p, p, MESH.nz(), 0.5, sum);
    return sum.value();
  }

  private float[] read(Field.Floats field) {
    float[] values = new float[field.size()];
    kernels.memory().read(field, 0, values, 0, values.length);
    return values;
  }
}
