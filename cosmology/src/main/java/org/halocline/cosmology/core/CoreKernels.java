package org.halocline.cosmology.core;

import org.halocline.cosmology.core.lines.ParticleLines;
import org.halocline.cosmology.kernel.Kernels;

/** Makes the kernels of one core: loops on heap arrays, lines through what {@link Arithmetic} chose. */
public final class CoreKernels {
  private CoreKernels() {}

  /** Kernels of this JVM's arithmetic. */
  public static Kernels of() {
    return of(Arithmetic.resolved(), () -> {});
  }

  /** @param poll called every few thousand cells, and may throw to end a kernel in the midst */
  public static Kernels of(Arithmetic arithmetic, Runnable poll) {
    ParticleLines lines = arithmetic.particles();
    return new Kernels(new CoreMemory(), new CoreVectors(poll), new CoreParticles(lines, poll),
        new CoreMeshes(lines.differences(), poll), new CoreSpectra(arithmetic.transforms(), poll), new CoreModes(poll),
        new CorePointwise(arithmetic.pointwise(), poll));
  }
}
