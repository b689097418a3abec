/**
 * How a simulation goes through time: the edges of its steps, and the coefficients of drifts and kicks that follow from
 * θ.
 */
package org.halocline.cosmology.timeline;
