/** Distributions of counts, which can only be observed. */
package org.halocline.sampler.distribution.count;
