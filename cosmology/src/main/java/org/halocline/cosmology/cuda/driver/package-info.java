/**
 * The few calls of CUDA's driver and of cuFFT that a device needs, each a thin pass to JCuda or, for cuFFT of CUDA 12
 * and 13, to the library itself; and how those libraries are found. No threads, no queues, no ownership: that is {@code
 * cuda.device}'s. Natives are loaded when first asked for, from a private folder that is gone when this returns.
 */
package org.halocline.cosmology.cuda.driver;
