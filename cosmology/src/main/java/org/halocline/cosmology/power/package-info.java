/**
 * Functions of the wave number as tables for the kernels ({@link org.halocline.cosmology.power.ModeTable}), and the one
 * that a simulation starts from: the root of the linear power of matter today by Eisenstein & Hu 1998, normalised to
 * σ8.
 */
package org.halocline.cosmology.power;
