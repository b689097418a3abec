/**
 * Hamiltonian Monte Carlo as a sampler: the transition on the ranks, and the policy that learns step size and metric
 * from the chain's own draws.
 */
package org.halocline.sampler.hmc;
