/** Distributions of sharded fields and of arrays on rank 0. */
package org.halocline.sampler.distribution.field;
