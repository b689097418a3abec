package org.halocline.runtime.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.halocline.runtime.WireMessage;
import org.halocline.runtime.job.JobEvent;

/**
 * An event as it was kept.
 *
 * @param number grows with every event of the cluster, also when the coordinator moves; numbers are left out
 * @param jobId whose; empty for what happens to the cluster
 */
public record JobEventRecord(long number, long atEpochMillis,
    @JsonPropertyDescription("Empty for events of the cluster, of type cluster-changed.") String jobId,
    JobEvent event) implements WireMessage {}
