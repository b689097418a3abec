package org.halocline.cosmology.core;

import org.halocline.cosmology.core.lines.ParticleLines;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.kernel.Memory;
import org.halocline.cosmology.kernel.Meshes;
import org.halocline.cosmology.kernel.Particles;
import org.halocline.cosmology.kernel.Spectra;
import org.halocline.cosmology.kernel.Vectors;

/** The kernels of one core: loops on heap arrays, lines through what {@link Arithmetic} chose. One lane at a time uses an instance. */
public final class CoreKernels implements Kernels {
  private final Memory memory = new CoreMemory();
  private final Vectors vectors;
  private final Particles particles;
  private final Meshes meshes;
  private final Spectra spectra;

  public CoreKernels() {
    this(Arithmetic.resolved());
  }

  public CoreKernels(Arithmetic arithmetic) {
    this(arithmetic, () -> {});
  }

  /** @param heed called every few thousand cells, and may throw to end a kernel in the midst */
  public CoreKernels(Arithmetic arithmetic, Runnable heed) {
    ParticleLines lines = arithmetic.particles();
    vectors = new CoreVectors(heed);
    particles = new CoreParticles(lines, heed);
    meshes = new CoreMeshes(lines.differences(), heed);
    spectra = new CoreSpectra(arithmetic.transforms(), heed);
  }

  @Override
  public Memory memory() {
    return memory;
  }

  @Override
  public Vectors vectors() {
    return vectors;
  }

  @Override
  public Particles particles() {
    return particles;
  }

  @Override
  public Meshes meshes() {
    return meshes;
  }

  @Override
  public Spectra spectra() {
    return spectra;
  }
}
