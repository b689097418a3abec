/**
 * What a lane computes: the operations on the fields of one block ({@link org.halocline.cosmology.kernel.Kernels}),
 * their memory, their exact sums and the quanta of their integers. Programs are written against these interfaces; cores
 * and GPUs implement them. A kernel knows nothing of other ranks.
 */
package org.halocline.cosmology.kernel;
