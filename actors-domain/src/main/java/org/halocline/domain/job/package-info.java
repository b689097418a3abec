/**
 * The job kinds {@code simulate} and {@code gradient}, and the settings they share with {@code infer}: cosmology, simulation,
 * lensing, data, layout. Settings are read and judged as a whole; what comes out is complete and consistent with the files it
 * names. Not responsible for placement, nor for how a simulation computes.
 */
package org.halocline.domain.job;
