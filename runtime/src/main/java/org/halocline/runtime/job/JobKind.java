package org.halocline.runtime.job;

import org.halocline.runtime.config.Checked;

/** A kind of job that a module offers. Stateless and thread-safe. */
public interface JobKind {

  /** As the job file's key {@code kind} says it. */
  String name();

  /**
   * Checks the whole job: every setting and every input file, without starting anything. The same check runs again from
   * the resolved text where the job is started, and then finds the same plan.
   *
   * @return the plan, or every problem
   */
  Checked<JobPlan> check(JobFile file);
}
