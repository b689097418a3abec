/**
 * Observables of a simulation: lens planes of a light cone, convergence maps, the density at the end, each with the
 * transpose that a likelihood's gradient flows back through.
 */
package org.halocline.cosmology.observe;
