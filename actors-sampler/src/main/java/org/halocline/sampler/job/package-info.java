/**
 * Jobs drive models: a {@link org.halocline.sampler.job.JobDriver} checks a job and says what its ranks run. The kinds
 * {@code simulate} and {@code gradient} are here, with what every kind shares.
 */
package org.halocline.sampler.job;
