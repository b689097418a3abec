/** The model {@code survey}: the light cone of a simulation, and maps of its convergence in the Born approximation. */
package org.halocline.sampler.model.survey;
