package org.halocline.sampler.distribution;

import org.halocline.cosmology.mesh.Mesh;

/** A field of independent N(0, 1) numbers, one a cell of the mesh. Samplers solve this prior exactly. */
public record WhiteNoise(Mesh mesh) implements Distribution {}
