/**
 * What the kernels need of a device: memory, copies, launches and transforms of lines on one queue that keeps their
 * order. The GPUs of {@link org.halocline.cosmology.cuda.gpu} implement it.
 */
package org.halocline.cosmology.cuda.device;
