/**
 * The few calls that a device needs of CUDA's driver, through JCuda, and of cuFFT, through java.lang.foreign; and how
 * those libraries are found. The package has no threads, no queues and no ownership, which {@code cuda.gpu} adds.
 * Natives are loaded when first asked for, from a private folder that is gone when the call returns.
 */
package org.halocline.cosmology.cuda.driver;
