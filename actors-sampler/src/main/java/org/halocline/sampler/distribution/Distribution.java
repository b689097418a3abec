package org.halocline.sampler.distribution;

/** What a site of a program can be distributed by. Immutable but for the tape's numbers that it may hold. */
public sealed interface Distribution permits ScalarDistribution, WhiteNoise, GatheredNormal, ShardedNormal {}
