/**
 * GPUs as the CUDA driver shows them: {@link org.halocline.cosmology.cuda.gpu.Devices} finds them and never fails where
 * there are none, and a queue gives the driver its work in order. What the kernels compute is not known here.
 */
package org.halocline.cosmology.cuda.gpu;
