package org.halocline.domain.job;

/** On lanes of a GPU, as far as that can be without one: its kernels, compiled for a core. */
class GpuReferenceJobsTest extends ReferenceJobs {
  GpuReferenceJobsTest() {
    super(LayoutDevice.GPU);
  }
}
