/**
 * The global mesh, how it is cut into blocks, what one rank needs from the others ({@link
 * org.halocline.cosmology.mesh.Port}), and the operations a lane offers on the fields of one block ({@link
 * org.halocline.cosmology.mesh.Kernels}). It knows neither actors nor transport: a port hands it staging memory of
 * other ranks, nothing else.
 */
package org.halocline.cosmology.mesh;
