package org.halocline.runtime.job;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.config.Settings;
import org.halocline.runtime.config.Suggestion;

/** The kinds of job that this process knows. Immutable. */
public final class JobKinds {
  private final Map<String, JobKind> kinds = new TreeMap<>();

  public JobKinds(List<JobKind> kinds) {
    for (JobKind kind : kinds)
      if (this.kinds.put(kind.name(), kind) != null)
        throw new IllegalArgumentException("two job kinds are called " + kind.name());
  }

  public Checked<CheckedJob> check(JobFile file) {
    Settings settings = Settings.of(file.config(), file.directory());
    Optional<String> name = settings.text("kind");
    if (name.isEmpty() && settings.problems().isEmpty())
      settings.refuse("kind", "is missing", "give one of " + String.join(", ", kinds.keySet()));
    if (name.isEmpty())
      return Checked.invalid(settings.problems());
    JobKind kind = kinds.get(name.get());
    if (kind == null) {
      settings.refuse("kind", "must be one of " + String.join(", ", kinds.keySet()),
          Suggestion.among(kinds.keySet(), name.get()).map(near -> "did you mean " + near + "?")
              .orElse("choose one of them"));
      return Checked.invalid(settings.problems());
    }
    return kind.check(file).map(plan -> new CheckedJob(kind.name(), file, plan));
  }

  /**
   * Checks a job that was checked before, and that its inputs are what they were.
   *
   * @param known the digest of an input, where it need not be computed
   */
  public Checked<CheckedJob> check(JobSpec spec, Function<Path, Optional<String>> known) {
    return JobFile.of(spec).then(this::check).then(job -> Digests.of(job.plan().inputs(), known).then(digests -> {
      List<Problem> changed = digests.entrySet().stream()
          .filter(input -> !input.getValue().equals(spec.inputDigests().get(input.getKey())))
          .map(input -> Problem.of(input.getKey(), "has changed since the job was submitted", "submit the job again"))
          .toList();
      return changed.isEmpty() ? Checked.valid(job) : Checked.<CheckedJob>invalid(changed);
    }));
  }

  public record CheckedJob(String kind, JobFile file, JobPlan plan) {

    /** Reads every input to take its digest. */
    public Checked<JobSpec> spec() {
      return spec(_ -> Optional.empty());
    }

    /** Reads the inputs whose digests are not known. */
    public Checked<JobSpec> spec(Function<Path, Optional<String>> known) {
      return Digests.of(plan.inputs(), known)
          .map(digests -> JobSpec.of(kind, JobFile.canonical(plan.resolved()), digests));
    }
  }
}
