/**
 * Running sums of a chain's fields and arrays over its draws: on the ranks, in checkpoints, and as mean and standard
 * deviation of all chains.
 */
package org.halocline.sampler.moments;
