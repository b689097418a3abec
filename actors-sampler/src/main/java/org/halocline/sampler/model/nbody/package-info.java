/** The settings of models that run an N-body simulation, checked as a whole and against the files that they name. */
package org.halocline.sampler.model.nbody;
