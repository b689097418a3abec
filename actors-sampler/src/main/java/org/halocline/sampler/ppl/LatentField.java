package org.halocline.sampler.ppl;

import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.kernel.Field;

/**
 * A latent white-noise field of a program, on one rank.
 *
 * @param name of its site
 * @param number its place among the program's latent fields, from 0
 * @param decomposition its mesh and how the ranks share it
 * @param position memory of this rank's block, zeros at first; a sampler of the program keeps the field here
 */
public record LatentField(String name, int number, Decomposition decomposition, Field.Floats position) {}
