/**
 * A device that is a core: the CUDA sources compiled by g++ with a small shim, each block's threads one after the
 * other, and called through java.lang.foreign. It proves the kernels and everything above the device without a GPU, not
 * their speed nor the driver's calls.
 */
package org.halocline.cosmology.cuda.host;
