/**
 * Probabilistic programs: ordinary Java that names its random quantities and its data, run alike by every rank.
 * Handlers change what the names mean without touching the program. A {@link org.halocline.sampler.ppl.Potential} turns
 * a program into the density and gradient that samplers need; how they sample is not decided here.
 */
package org.halocline.sampler.ppl;
