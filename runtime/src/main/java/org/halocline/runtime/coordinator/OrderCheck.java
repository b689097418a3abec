package org.halocline.runtime.coordinator;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.halocline.runtime.cluster.JobOrder;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.FilePath;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.job.Digests;
import org.halocline.runtime.job.JobFile;
import org.halocline.runtime.job.JobKinds;
import org.halocline.runtime.job.JobKinds.CheckedJob;
import org.halocline.runtime.job.JobSpec;
import org.halocline.runtime.node.Submission;
import org.halocline.runtime.run.RunDirectory;
import org.halocline.runtime.state.StateDirectory;
import org.halocline.runtime.store.JobStore;

/** Whether an order can be taken. Reads the job's inputs; not for an actor's thread. */
public final class OrderCheck {
  private static final int MOST_CHARACTERS = 100 << 10;

  private OrderCheck() {}

  /** The job, or everything that speaks against taking it. */
  static Checked<CheckedJob> of(JobOrder order, JobKinds kinds, StateDirectory directory) {
    List<Problem> problems = new ArrayList<>(order.terms().validate());
    JobSpec spec = order.spec();
    if (!JobStore.isId(spec.id()))
      problems.add(new Problem("id", spec.id(), "cannot be the id of a job",
          "choose up to 100 letters, digits, dots, dashes and underscores, or leave it out"));
    if (order.givenText().length() + spec.resolvedText().length() > MOST_CHARACTERS)
      problems.add(new Problem("job", (order.givenText().length() + spec.resolvedText().length()) + " characters",
          "is longer than " + MOST_CHARACTERS + " characters, resolved and as given", "move lists into input files"));
    if (!order.runDirectory().isEmpty() && !Path.of(order.runDirectory()).isAbsolute())
      problems.add(new Problem("output", order.runDirectory(), "must be an absolute path", "give it from the root"));
    else if (!order.runDirectory().isEmpty() && !directory.allowsRun(Path.of(order.runDirectory())))
      problems.add(new Problem("output", order.runDirectory(), "is not below " + directory.runFolders().stream()
          .map(Path::toString).collect(Collectors.joining(", ")) + ", where this cluster keeps runs",
          "leave it out and fetch the results, or start every node with --runs and a folder above it"));
    Checked<CheckedJob> checked = job(spec, kinds, directory.blobs()::digestOf);
    problems.addAll(checked.problems());
    if (problems.isEmpty())
      problems.addAll(RunDirectory.inspect(submission(order, runDirectory(order, directory).toString())
          .runRequest(checked.orThrow().plan(), "")));
    return problems.isEmpty() ? checked : Checked.invalid(problems);
  }

  static Path runDirectory(JobOrder order, StateDirectory directory) {
    return order.runDirectory().isEmpty()
        ? directory.run(order.spec().id())
        : FilePath.absolute(Path.of(order.runDirectory()));
  }

  static Submission submission(JobOrder order, String runDirectory) {
    return new Submission(order.spec(), order.givenName(), order.givenText(), runDirectory, order.resume(), 0);
  }

  /** Checks the job and that its inputs are what they were. */
  public static Checked<CheckedJob> job(JobSpec spec, JobKinds kinds) {
    return job(spec, kinds, _ -> Optional.empty());
  }

  private static Checked<CheckedJob> job(JobSpec spec, JobKinds kinds, Function<Path, Optional<String>> known) {
    return JobFile.of(spec).then(kinds::check).then(job -> Digests.of(job.plan().inputs(), known).then(digests -> {
      List<Problem> changed = digests.entrySet().stream()
          .filter(input -> !input.getValue().equals(spec.inputDigests().get(input.getKey())))
          .map(input -> Problem.of(input.getKey(), "has changed since the job was submitted", "submit the job again"))
          .toList();
      return changed.isEmpty() ? Checked.valid(job) : Checked.<CheckedJob>invalid(changed);
    }));
  }
}
