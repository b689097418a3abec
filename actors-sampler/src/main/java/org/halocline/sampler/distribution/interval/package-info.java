/** Distributions of one number in an open interval. */
package org.halocline.sampler.distribution.interval;
