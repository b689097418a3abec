package org.halocline.domain.job;

/** On cores. */
class ReferenceJobsTest extends ReferenceJobs {
  ReferenceJobsTest() {
    super(TestLanes.CORES);
  }
}
