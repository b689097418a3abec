/** The model {@code snapshot}: the density at the end of a simulation. */
package org.halocline.sampler.model.snapshot;
