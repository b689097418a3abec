/** The survey's forward model as a probabilistic program, and the simulation as operations of its tape. */
package org.halocline.sampler.survey;
