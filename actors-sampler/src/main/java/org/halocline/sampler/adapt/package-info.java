/**
 * What warm-ups of samplers are made of: dual averaging of a step size, Stan's windows, the covariance of the scalars.
 * Plain state without actors; all of it can be written down exactly and taken up again.
 */
package org.halocline.sampler.adapt;
