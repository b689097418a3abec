/**
 * The Fourier transform of a mesh that is cut over the ranks of a domain:
 * {@link org.halocline.cosmology.transform.Fourier} there and back, with the line passes of a lane's
 * {@link org.halocline.cosmology.kernel.Spectra} and swaps of pencils through a port. What is done to the modes in
 * between is {@link org.halocline.cosmology.kernel.Modes}.
 */
package org.halocline.cosmology.transform;
