/**
 * Everything about a simulation that depends on the cosmological parameters θ, with its derivative by θ, in double
 * precision: expansion and distances, growth of first and second order, linear power, the coefficients of the steps
 * and the weights of the lens planes. Formulae and units are those of the reference forward model (Mpc/h, c/H0 =
 * 2997.92458 Mpc/h, no radiation).
 *
 * <p>
 * Nothing here touches a mesh or a particle, keeps a cache, or uses an intrinsic whose bits may differ between
 * machines: the same θ gives the same bits everywhere. What θ makes impossible is a
 * {@link org.halocline.cosmology.background.LimitException}, never a NaN.
 */
package org.halocline.cosmology.background;
