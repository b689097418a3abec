package org.halocline.runtime.coordinator;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.halocline.runtime.cluster.JobOrder;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.FilePath;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.job.JobKinds;
import org.halocline.runtime.job.JobKinds.CheckedJob;
import org.halocline.runtime.job.JobSpec;
import org.halocline.runtime.run.RunDirectory;
import org.halocline.runtime.store.JobStore;

/** Whether an order can be taken. Reads the job's inputs; not for an actor's thread. */
final class OrderCheck {
  private static final int MOST_CHARACTERS = 100 << 10;

  private OrderCheck() {}

  /** The job, or everything that speaks against taking it. */
  static Checked<CheckedJob> of(JobOrder order, JobKinds kinds, JobStore store) {
    List<Problem> problems = new ArrayList<>(order.terms().validate());
    JobSpec spec = order.spec();
    if (store.outlives())
      problems.addAll(keeping(order));
    if (!order.runDirectory().isEmpty() && !Path.of(order.runDirectory()).isAbsolute())
      problems.add(new Problem("output", order.runDirectory(), "must be an absolute path", "give it from the root"));
    else if (!order.runDirectory().isEmpty())
      store.forbids(Path.of(order.runDirectory())).ifPresent(problems::add);
    // In a process that runs for itself the supervisor reads the inputs at once.
    Checked<CheckedJob> checked = kinds.check(spec, store.outlives()
        ? store::digestOf
        : input -> Optional.ofNullable(spec.inputDigests().get(FilePath.absolute(input).toString())));
    problems.addAll(checked.problems());
    if (problems.isEmpty())
      problems.addAll(RunDirectory.inspect(
          order.in(store.run(order), order.resume()).runRequest(checked.orThrow().plan(), "")));
    return problems.isEmpty() ? checked : Checked.invalid(problems);
  }

  private static List<Problem> keeping(JobOrder order) {
    List<Problem> problems = new ArrayList<>();
    String id = order.spec().id();
    if (!JobStore.isId(id))
      problems.add(new Problem("id", id, "cannot be the id of a job",
          "choose up to 100 letters, digits, dots, dashes and underscores, or leave it out"));
    int characters = order.givenText().length() + order.spec().resolvedText().length();
    if (characters > MOST_CHARACTERS)
      problems.add(new Problem("job", characters + " characters",
          "is longer than " + MOST_CHARACTERS + " characters, resolved and as given", "move lists into input files"));
    return problems;
  }
}
