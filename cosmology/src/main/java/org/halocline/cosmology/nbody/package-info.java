/**
 * The programs of the forward model on one rank, written against kernels and a port: linear field, Lagrangian
 * perturbation theory, the steps, and the reverse pass of each. They never touch an element of a field. An
 * {@link org.halocline.cosmology.nbody.Observable} makes data of the particles.
 */
package org.halocline.cosmology.nbody;
