/**
 * Weak lensing in the Born approximation: source distributions n(z), lensing efficiency, and the projection of lens
 * planes to convergence with its transpose. All θ-dependence is in
 * {@link org.halocline.cosmology.lensing.PlaneWeights}; the projection itself is geometry.
 *
 * <p>
 * Not responsible for cutting planes out of a density, for noise, or for likelihoods.
 */
package org.halocline.cosmology.lensing;
