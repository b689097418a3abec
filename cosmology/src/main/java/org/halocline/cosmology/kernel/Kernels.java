package org.halocline.cosmology.kernel;

/**
 * What a lane can do with the fields of one block: the only code that touches elements. There is one implementation per
 * kind of lane; programs are written once against these interfaces. Calls on one instance are made one at a time.
 */
public interface Kernels {

  /** Allocation and copies between lane and host. */
  Memory memory();

  /** Vector algebra on whole fields, and white noise. */
  Vectors vectors();

  /** Particles: drift, paint, read, kick and their adjoints. */
  Particles particles();

  /** Meshes: stencils, conversions, planes, halos to and from staging memory. */
  Meshes meshes();

  /** Line transforms, pencils to and from staging memory, products in Fourier space. */
  Spectra spectra();
}
