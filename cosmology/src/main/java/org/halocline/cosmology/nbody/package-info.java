/**
 * The programs of the forward model on one rank, written against kernels and a port: linear field, Lagrangian perturbation
 * theory, the steps, the light cone, and the reverse pass of each. They never touch an element of a field.
 */
package org.halocline.cosmology.nbody;
