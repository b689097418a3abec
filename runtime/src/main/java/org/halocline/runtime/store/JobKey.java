package org.halocline.runtime.store;

import java.util.Comparator;

/** Which job, and when it was handed in: enough to find it on the disk and to put it in its place among the others. */
public record JobKey(String id, long submittedEpochMillis) {
  public static final Comparator<JobKey> NEWEST_FIRST = Comparator.comparingLong(JobKey::submittedEpochMillis)
      .reversed()
      .thenComparing(JobKey::id);
}
