/**
 * Domains: the px × py subdomain actors that hold one simulation, the actor that leads them, and the port through which
 * the numerics of one chain reaches the other ranks. What the ranks compute is a
 * {@link org.halocline.domain.program.RankProgram}; it is found by the kind of the job. Not responsible for placement
 * (runtime) nor for the numbers (cosmology).
 */
package org.halocline.domain;
