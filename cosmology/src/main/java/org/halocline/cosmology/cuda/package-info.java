/**
 * The kernels of a lane that is a GPU: fields are device buffers, and every operation is a launch or a copy on one
 * chain's queue. The CUDA sources are in {@code src/main/cuda}. Written against
 * {@link org.halocline.cosmology.cuda.device.Device} alone: drivers, streams and the FFT library are not known here.
 */
package org.halocline.cosmology.cuda;
