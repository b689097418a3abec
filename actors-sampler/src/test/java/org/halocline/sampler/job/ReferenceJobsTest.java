package org.halocline.sampler.job;

/** On cores. */
class ReferenceJobsTest extends ReferenceJobs {
  ReferenceJobsTest() {
    super(TestLanes.CORES);
  }
}
