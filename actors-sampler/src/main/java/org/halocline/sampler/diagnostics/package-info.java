/**
 * Convergence diagnostics of scalar draws: rank-normalised split R̂, bulk and tail effective sample size after Vehtari,
 * Gelman, Simpson, Carpenter &amp; Bürkner 2021, and E-BFMI after Betancourt 2016, with the conventions of ArviZ.
 */
package org.halocline.sampler.diagnostics;
