/**
 * Hamiltonian Monte Carlo of one chain on one rank: the prior of the white-noise field is solved exactly, the likelihood
 * kicks. Step sizes and metrics come from outside; adaptation is not done here.
 */
package org.halocline.sampler.hmc;
