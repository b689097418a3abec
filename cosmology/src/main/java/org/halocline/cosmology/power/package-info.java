/**
 * The linear power of matter today by Eisenstein & Hu 1998, normalised to σ8, and tables of its root for the kernels.
 */
package org.halocline.cosmology.power;
