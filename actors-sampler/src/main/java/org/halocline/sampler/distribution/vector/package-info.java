/** Distributions of small vectors, the same bits on every rank. */
package org.halocline.sampler.distribution.vector;
