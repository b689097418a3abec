package org.halocline.ops.plan;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.job.JobFile;
import picocli.CommandLine.Option;

/** What a user gives beside a job file: single settings, and the environment, which the file's substitutions see. */
public final class JobSettings {
  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A setting of the job, as if it stood below the "
      + "job file's last line, such as infer.seed=7; may be given several times.")
  private List<String> settings = new ArrayList<>();

  public Checked<JobFile> read(Path job) {
    return JobFile.read(job, System.getenv(), settings);
  }
}
