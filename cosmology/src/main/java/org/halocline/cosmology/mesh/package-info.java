/**
 * The geometry of a simulation: the global mesh, how it is cut into blocks of one rank each, the grid of a block with
 * its halo, and the pencil that a rank holds in Fourier space. The package holds no numbers of a field.
 */
package org.halocline.cosmology.mesh;
