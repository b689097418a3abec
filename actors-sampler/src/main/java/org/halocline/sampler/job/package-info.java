/** The job kinds {@code simulate} and {@code gradient}, and what every kind of job shares. */
package org.halocline.sampler.job;
