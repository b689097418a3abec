/** Distributions of one number on the real line or its upper half. */
package org.halocline.sampler.distribution.scalar;
