/** The block {@code lensing} of models that make maps of the convergence, and whether a light cone fits it. */
package org.halocline.sampler.model.lensing;
