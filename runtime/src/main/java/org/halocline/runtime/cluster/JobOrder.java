package org.halocline.runtime.cluster;

import java.nio.file.Path;
import org.halocline.runtime.WireMessage;
import org.halocline.runtime.config.FilePath;
import org.halocline.runtime.job.JobFile;
import org.halocline.runtime.job.JobPlan;
import org.halocline.runtime.job.JobSpec;
import org.halocline.runtime.run.RunRequest;

/**
 * A job as it is handed to the cluster. Ordered twice, it runs once: its {@link JobSpec#id} says that it is the same.
 *
 * @param spec the job, checked; its inputs lie where every node can read them
 * @param givenName name of the job file
 * @param givenText the job file as given, for the record
 * @param runDirectory absolute path that every node can read; empty lets the cluster choose one under its state
 * directory
 * @param resume whether to go on with the run that is in that directory
 * @param plannedPeakBytes the most memory that the process was planned to take; 0 where it was not planned
 */
public record JobOrder(JobSpec spec, String givenName, String givenText, String runDirectory, boolean resume,
    JobTerms terms, long plannedPeakBytes) implements WireMessage {
  public JobOrder(JobSpec spec, String givenName, String givenText, String runDirectory, boolean resume,
      JobTerms terms) {
    this(spec, givenName, givenText, runDirectory, resume, terms, 0);
  }

  public static JobOrder of(JobSpec spec, JobFile given) {
    return new JobOrder(spec, given.name(), given.text(), "", false, JobTerms.usual());
  }

  public JobOrder in(Path directory, boolean resumes) {
    return new JobOrder(spec, givenName, givenText, FilePath.absolute(directory).toString(), resumes, terms,
        plannedPeakBytes);
  }

  public JobOrder on(JobTerms newTerms) {
    return new JobOrder(spec, givenName, givenText, runDirectory, resume, newTerms, plannedPeakBytes);
  }

  public JobOrder withPlannedPeak(long bytes) {
    return new JobOrder(spec, givenName, givenText, runDirectory, resume, terms, bytes);
  }

  /**
   * What the job asks of its run directory; {@link org.halocline.runtime.run.RunDirectory#inspect} tells early what is
   * wrong with that.
   *
   * @param arithmetic of the lanes that the job was given
   */
  public RunRequest runRequest(JobPlan plan, String arithmetic) {
    return new RunRequest(Path.of(runDirectory), resume, spec.id(), spec.kind(), givenName, givenText,
        spec.resolvedText(), spec.inputDigests(), plan.freeKeys(), plan.growingKeys(), arithmetic, plan.outputBytes());
  }
}
