/**
 * What a distribution is: a density, and for those that can be sampled a map to the real line with its Jacobian, and
 * draws. The distributions themselves live in the packages inside.
 */
package org.halocline.sampler.distribution;
