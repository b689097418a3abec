package org.halocline.sampler.tape;

/**
 * What flows through a probabilistic program: a replicated scalar, a field sharded over the ranks, or an array on rank
 * 0.
 */
public sealed interface Value permits Scalar, Sharded, Gathered {}
