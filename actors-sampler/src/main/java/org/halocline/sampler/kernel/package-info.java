/**
 * What samplers share: the point of phase space of all latents on a rank, an integrator that solves the fields' prior
 * exactly, and the two halves that a sampler adds: a transition on the ranks and a policy at the chain's actor. It
 * knows no sampler.
 */
package org.halocline.sampler.kernel;
