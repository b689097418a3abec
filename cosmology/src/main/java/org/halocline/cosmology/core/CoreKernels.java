package org.halocline.cosmology.core;

import org.halocline.cosmology.mesh.Kernels;
import org.halocline.cosmology.mesh.Memory;
import org.halocline.cosmology.mesh.Meshes;
import org.halocline.cosmology.mesh.Particles;
import org.halocline.cosmology.mesh.Spectra;
import org.halocline.cosmology.mesh.Vectors;

/** The kernels of one core: loops on heap arrays, lines through what {@link Arithmetic} chose. One lane at a time uses an instance. */
public final class CoreKernels implements Kernels {
  private final Memory memory = new CoreMemory();
  private final Vectors vectors = new CoreVectors();
  private final Particles particles;
  private final Meshes meshes;
  private final Spectra spectra;

  public CoreKernels() {
    this(Arithmetic.resolved());
  }

  public CoreKernels(Arithmetic arithmetic) {
    ParticleLines lines = arithmetic.particles();
    particles = new CoreParticles(lines);
    meshes = new CoreMeshes(lines.differences());
    spectra = new CoreSpectra(arithmetic.transforms());
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
