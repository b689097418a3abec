package org.halocline.sampler.tape;

/**
 * What flows through a probabilistic program: a replicated scalar or small vector, a field sharded over the ranks, or
 * an array on rank 0.
 */
public sealed interface Value permits Scalar, Vector, Sharded, Gathered {}
