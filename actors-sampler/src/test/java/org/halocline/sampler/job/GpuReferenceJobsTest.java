package org.halocline.sampler.job;

/** On a GPU, where there is one. */
class GpuReferenceJobsTest extends ReferenceJobs {
  GpuReferenceJobsTest() {
    super(TestLanes.GPU);
  }
}
