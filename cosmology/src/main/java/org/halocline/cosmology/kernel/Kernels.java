package org.halocline.cosmology.kernel;

/**
 * What a lane can do with the fields of one block: the only code that touches elements. There is one implementation of
 * each part for each kind of lane; programs are written once against these interfaces. Calls on the parts of one
 * instance are made one at a time.
 *
 * @param memory allocation, and copies between lane and host
 * @param vectors vector algebra on whole fields, and white noise
 * @param particles drift, paint, read, kick and their adjoints
 * @param meshes stencils, conversions, planes, halos to and from staging memory
 * @param spectra line transforms, pencils to and from staging memory
 * @param modes products and sums in Fourier space
 * @param pointwise functions of each element, products of fields
 */
public record Kernels(Memory memory, Vectors vectors, Particles particles, Meshes meshes, Spectra spectra, Modes modes,
    Pointwise pointwise) {}
