/**
 * Distributions of scalars and fields: densities, maps to the real line with their Jacobians, draws, and their text
 * form.
 */
package org.halocline.sampler.distribution;
