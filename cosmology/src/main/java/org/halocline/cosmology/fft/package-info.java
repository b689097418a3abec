/** Fourier transforms of lines, behind a narrow interface with one implementation per library. */
package org.halocline.cosmology.fft;
