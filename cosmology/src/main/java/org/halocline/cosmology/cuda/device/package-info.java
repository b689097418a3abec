/**
 * One GPU as an ordered queue of work: memory, copies, kernels of one PTX module, transforms of lines. {@link
 * org.halocline.cosmology.cuda.device.Devices} finds GPUs and never fails where there are none; everything above is written
 * against {@link org.halocline.cosmology.cuda.device.Device}. What the kernels compute is not known here.
 */
package org.halocline.cosmology.cuda.device;
