package org.halocline.sampler.job;

/** On the kernels of a GPU, compiled for a core. */
class HostReferenceJobsTest extends ReferenceJobs {
  HostReferenceJobsTest() {
    super(TestLanes.HOST);
  }
}
