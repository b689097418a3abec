/**
 * Expansion, distances, and growth of first and second order by the cosmological parameters θ, with their derivatives
 * by θ, in double precision. Formulae and units are those of the reference forward model (Mpc/h, c/H0 = 2997.92458
 * Mpc/h, no radiation).
 *
 * <p>
 * Nothing here touches a mesh or a particle, keeps a cache, or uses an intrinsic whose bits may differ between
 * machines: the same θ gives the same bits everywhere. Where θ makes the model impossible, a
 * {@link org.halocline.cosmology.theta.LimitException} says so, and no number is NaN.
 */
package org.halocline.cosmology.background;
