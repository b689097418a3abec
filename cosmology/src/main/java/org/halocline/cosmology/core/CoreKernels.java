package org.halocline.cosmology.core;

import org.halocline.cosmology.fft.JTransformsLines;
import org.halocline.cosmology.mesh.Kernels;
import org.halocline.cosmology.mesh.Memory;
import org.halocline.cosmology.mesh.Meshes;
import org.halocline.cosmology.mesh.Particles;
import org.halocline.cosmology.mesh.Spectra;
import org.halocline.cosmology.mesh.Vectors;

/** The kernels of one core: scalar loops on heap arrays, lines through JTransforms. One lane at a time uses an instance. */
public final class CoreKernels implements Kernels {
  /** Names the numbers that these kernels make; a run is resumed only under the same. */
  public static final String ARITHMETIC = "core-scalar-jtransforms";

  private final Memory memory = new CoreMemory();
  private final Vectors vectors = new CoreVectors();
  private final Particles particles = new CoreParticles(new VectorLines());
  private final Meshes meshes = new CoreMeshes();
  private final Spectra spectra = new CoreSpectra(new JTransformsLines());

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
