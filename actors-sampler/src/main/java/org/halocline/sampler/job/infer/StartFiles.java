package org.halocline.sampler.job.infer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.halocline.runtime.config.Settings;
import org.halocline.runtime.files.StorageException;
import org.halocline.runtime.run.Checkpoint;
import org.halocline.runtime.run.CheckpointStore;
import org.halocline.runtime.run.RunDirectory;
import org.halocline.sampler.chain.ChainStart;

/**
 * The files of an earlier run that {@code infer.start-from} names, and that the job's chains start from. The resolved
 * job has each file by itself, so that it travels, and is digested, like any input; the earlier run's directory is
 * looked at once.
 *
 * @param job resolved, of the earlier run
 * @param states one a chain of this job
 * @param shards what each file of {@code noise} is: the number of its chain, and the name of its shard
 */
record StartFiles(Path job, List<Path> states, List<String> shards, List<Path> noise) {
  private static final String FROM = "start-from";
  private static final String JOB = "start-job";
  private static final String STATES = "start-states";
  private static final String SHARDS = "start-shards";
  private static final String NOISE = "start-noise";
  private static final int MOST = 1 << 20;

  /** Of the block {@code infer}; empty where it starts from nothing, or a problem was noted. */
  static Optional<StartFiles> read(Settings infer, int chains) {
    Optional<Path> from = infer.path(FROM);
    if (from.isEmpty())
      return Optional.empty();
    if (!infer.has(STATES))
      return look(infer, from.get(), chains);
    Optional<Path> job = infer.path(JOB);
    Optional<List<String>> states = infer.texts(STATES, 1, MOST);
    Optional<List<String>> shards = infer.texts(SHARDS, 0, MOST);
    Optional<List<String>> noise = infer.texts(NOISE, 0, MOST);
    if (job.isEmpty() || states.isEmpty() || shards.isEmpty() || noise.isEmpty()
        || shards.get().size() != noise.get().size() || states.get().size() != chains) {
      infer.refuse(STATES, "does not go with " + String.join(", ", JOB, SHARDS, NOISE) + " and chains",
          "leave these keys out; they follow from " + FROM);
      return Optional.empty();
    }
    return Optional.of(new StartFiles(job.get(), states.get().stream().map(Path::of).toList(), shards.get(),
        noise.get().stream().map(Path::of).toList()));
  }

  private static Optional<StartFiles> look(Settings infer, Path run, int chains) {
    List<Path> states = new ArrayList<>();
    List<String> shards = new ArrayList<>();
    List<Path> noise = new ArrayList<>();
    Path job = RunDirectory.resolvedJob(run);
    if (!Files.isRegularFile(job)) {
      infer.refuse(FROM, "is not the directory of a run: " + run,
          "name the run directory of an inference, relative to the job file");
      return Optional.empty();
    }
    try {
      for (int chain = 0; chain < chains; chain++) {
        Optional<Checkpoint> last = CheckpointStore.latestIn(RunDirectory.checkpointsOf(run, "chain-" + chain));
        if (last.isEmpty()) {
          infer.refuse(FROM, chain == 0
              ? "is the directory of a run that has left no state of a chain"
              : "has the states of " + chain + (chain == 1 ? " chain" : " chains") + ", fewer than infer.chains = "
                  + chains,
              chain == 0 ? "name the run directory of an inference" : "set infer.chains to " + chain + " or fewer");
          return Optional.empty();
        }
        states.add(last.get().path(ChainStart.STATE));
        for (String part : ChainStart.shards(last.get().names())) {
          shards.add(chain + " " + part);
          noise.add(last.get().path(part));
        }
      }
    } catch (StorageException unread) {
      infer.refuse(FROM, "cannot be read: " + unread.getMessage(), "see to its disk");
      return Optional.empty();
    }
    infer.derive(JOB, job.toString());
    infer.derive(STATES, states.stream().map(Path::toString).toList());
    infer.derive(SHARDS, shards);
    infer.derive(NOISE, noise.stream().map(Path::toString).toList());
    return Optional.of(new StartFiles(job, states, shards, noise));
  }

  /** All files. */
  List<Path> all() {
    return Stream.of(List.of(job), states, noise).flatMap(List::stream).toList();
  }
}
