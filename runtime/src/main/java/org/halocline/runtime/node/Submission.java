package org.halocline.runtime.node;

import java.nio.file.Path;
import org.halocline.runtime.WireMessage;
import org.halocline.runtime.config.FilePath;
import org.halocline.runtime.job.JobFile;
import org.halocline.runtime.job.JobPlan;
import org.halocline.runtime.job.JobSpec;
import org.halocline.runtime.run.RunRequest;

/**
 * A job that is to run.
 *
 * @param spec
 *          the job
 * @param givenName
 *          name of the job file
 * @param givenText
 *          the job file as given, for the record
 * @param runDirectory
 *          absolute path
 * @param resume
 *          whether to go on with the run that is there
 * @param plannedPeakBytes
 *          the most memory that the process was planned to take; 0 where it was not planned
 */
public record Submission(JobSpec spec, String givenName, String givenText, String runDirectory,
    boolean resume, long plannedPeakBytes) implements WireMessage {

  public static Submission of(JobSpec spec, JobFile given, Path runDirectory, boolean resume) {
    return new Submission(spec, given.name(), given.text(), FilePath.absolute(runDirectory).toString(),
        resume, 0);
  }

  public Submission withPlannedPeak(long bytes) {
    return new Submission(spec, givenName, givenText, runDirectory, resume, bytes);
  }

  public Submission resuming(boolean resumes) {
    return new Submission(spec, givenName, givenText, runDirectory, resumes, plannedPeakBytes);
  }

  /**
   * What it asks of its run directory; {@link org.halocline.runtime.run.RunDirectory#inspect} tells early what is wrong with that.
   *
   * @param arithmetic
   *          of the lanes that it was given
   */
  public RunRequest runRequest(JobPlan plan, String arithmetic) {
    return new RunRequest(Path.of(runDirectory), resume, spec.id(), spec.kind(), givenName, givenText,
        spec.resolvedText(), spec.inputDigests(), plan.freeKeys(), plan.growingKeys(), arithmetic, plan.outputBytes());
  }
}
