/** The job kind {@code infer}: its settings, its plan, the actor that runs its chains, and what it leaves behind. */
package org.halocline.sampler.job.infer;
