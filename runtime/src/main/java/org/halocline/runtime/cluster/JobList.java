package org.halocline.runtime.cluster;

import java.util.List;
import org.halocline.runtime.WireMessage;

/**
 * Some of the jobs, newest first.
 *
 * @param all how many there are in all
 */
public record JobList(List<JobStatus> jobs, int all) implements WireMessage {
  public JobList {
    jobs = List.copyOf(jobs);
  }
}
