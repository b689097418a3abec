package org.halocline.runtime.coordinator;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.pekko.actor.typed.ActorRef;
import org.halocline.runtime.cluster.JobState;
import org.halocline.runtime.cluster.JobStatus;
import org.halocline.runtime.cluster.JobStatus.CheckpointCost;
import org.halocline.runtime.cluster.JobStatus.RankPlace;
import org.halocline.runtime.cluster.JobStatus.SourceProgress;
import org.halocline.runtime.job.Done;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.job.JobPlan;
import org.halocline.runtime.job.Recovery;
import org.halocline.runtime.layout.PlannedLayout;
import org.halocline.runtime.rank.RankSlot;
import org.halocline.runtime.store.StoredJob;
import org.halocline.runtime.supervisor.JobSupervisor;

/** What the coordinator knows of one job. Owned by the coordinator. */
final class JobEntry {
  /** The order of starts: higher priority, then the earlier submission. */
  static final Comparator<JobEntry> ORDER = Comparator
      .comparingInt((JobEntry job) -> -job.order.order().terms().priority())
      .thenComparingLong(job -> job.order.submittedEpochMillis()).thenComparing(JobEntry::id);
  private static final int CAUSES = 5;
  /** Progress is kept, and told, in steps of so much: a later coordinator tells no less than this one. */
  private static final double STEP = 0.005;

  /** Lanes that were dealt to it, until its supervisor asks. */
  record Dealt(PlannedLayout planned, List<RankSlot> slots) {}

  /** Something that cost the job its present start. */
  record Loss(String cause, long detectMillis, long noticedEpochMillis, long lostMillis) {}

  final StoredJob.Order order;
  StoredJob.State state;
  Optional<JobPlan> plan = Optional.empty();
  Optional<Dealt> dealt = Optional.empty();
  Optional<ActorRef<JobSupervisor.Command>> supervisor = Optional.empty();
  /** Why the present start is to end so that the next one can begin; counted as no failure. */
  Optional<String> parking = Optional.empty();
  Optional<Loss> loss = Optional.empty();
  /** Under which its run began: it can go on under no other. Empty before that. */
  Optional<String> arithmetic = Optional.empty();
  /** The present start is being written down. */
  boolean starting;
  /** It has ended, for good, and that is on the disk and was told. */
  boolean told;
  /** It is handed in anew: another entry is to follow this one. */
  boolean followed;
  /** That it has come further is being written down. */
  boolean noting;
  /** Starts in a row for which there was no space on the disk. */
  int fullDisks;
  long notBeforeEpochMillis;
  long waitingSinceEpochMillis;
  /** When the present start was made, by {@link System#nanoTime}; empty if not by this coordinator. */
  OptionalLong startedNanos = OptionalLong.empty();
  String why = "";
  private final Map<String, SourceProgress> sources = new TreeMap<>();
  private final Map<String, JobEvent.Checkpointed> costs = new TreeMap<>();
  private final Deque<String> causes = new ArrayDeque<>();
  private long checkpoints;
  private double checkpointMillis;
  private long checkpointBytes;
  private long lastCheckpointEpochMillis;

  JobEntry(StoredJob stored, long now) {
    this.order = stored.order();
    this.state = stored.state();
    this.why = state.why();
    this.waitingSinceEpochMillis = now;
  }

  String id() {
    return order.id();
  }

  boolean isReady(long now) {
    return state.state() == JobState.QUEUED && plan.isPresent() && !starting && supervisor.isEmpty()
        && now >= notBeforeEpochMillis;
  }

  /** How long it has run in all, by a clock that never jumps. */
  long ranMillis(long nanos) {
    return state.ranMillis() + (isAt(JobState.RUNNING) && startedNanos.isPresent()
        ? (nanos - startedNanos.getAsLong()) / 1_000_000
        : 0);
  }

  boolean isAt(JobState wanted) {
    return state.state() == wanted;
  }

  void begins() {
    sources.clear();
    costs.clear();
    checkpoints = 0;
    checkpointMillis = 0;
    checkpointBytes = 0;
    lastCheckpointEpochMillis = 0;
    parking = Optional.empty();
  }

  /** Takes note of what the job's actor tells. */
  void hear(JobEvent event, long now) {
    switch (event) {
      case JobEvent.Progress(String source, Done done, _, Map<String, Double> numbers) when !numbers.isEmpty() ->
        sources.put(source, new SourceProgress(done, Map.copyOf(withoutNull(numbers))));
      case JobEvent.Checkpointed cost -> {
        costs.put(cost.source(), cost);
        checkpoints++;
        checkpointMillis += cost.millis();
        checkpointBytes += cost.bytes();
        lastCheckpointEpochMillis = now;
        fullDisks = 0;
      }
      default -> {
      }
    }
  }

  private static Map<String, Double> withoutNull(Map<String, Double> numbers) {
    Map<String, Double> all = new TreeMap<>(numbers);
    all.values().removeIf(java.util.Objects::isNull);
    return all;
  }

  void failedOf(String cause) {
    if (causes.size() == CAUSES)
      causes.removeFirst();
    causes.add(cause);
  }

  /** The last causes, oldest first. */
  List<String> causes() {
    return new ArrayList<>(causes);
  }

  /** Whether this start has come further than the one before. */
  boolean hasCheckpoint() {
    return lastCheckpointEpochMillis > 0;
  }

  /** From where work is lost if this start ends now. */
  long lastGoodEpochMillis() {
    return Math.max(lastCheckpointEpochMillis, state.lastStartEpochMillis());
  }

  void set(StoredJob.State next) {
    state = next;
    why = next.why();
  }

  JobStatus status(List<RankPlace> ranks, long now) {
    double progress = isAt(JobState.FINISHED) ? 1 : state.progress();
    double share = costs.values().stream().mapToDouble(JobEvent.Checkpointed::share).average().orElse(0);
    return new JobStatus(id(), order.order().spec().kind(), order.order().givenName(), state.state(),
        order.order().terms(), why, order.runDirectory(), state.layout(), ranks, state.incarnation(),
        Math.max(0, state.starts() - 1),
        isAt(JobState.RUNNING) && lastCheckpointEpochMillis > 0
            ? OptionalLong.of(now - lastCheckpointEpochMillis)
            : OptionalLong.empty(),
        new CheckpointCost(checkpoints, Math.round(checkpointMillis), checkpointBytes, share), state.lastRecovery(),
        progress, isAt(JobState.RUNNING) ? eta(now) : OptionalLong.empty(), sources,
        order.submittedEpochMillis(), state.startedEpochMillis(), state.endedEpochMillis(), 0, 0);
  }

  /** Whether it has come so much further that this is to be kept. */
  boolean cameFurther() {
    return !noting && progress() >= state.progress() + STEP;
  }

  /** Of this start: of chains and of parts that know how much they have to do; an unheard chain has done nothing. */
  double progress() {
    List<Done> counted = sources.values().stream().map(SourceProgress::done).filter(done -> done.of() > 0).toList();
    boolean chains = sources.values().stream().anyMatch(source -> source.done().chain().isPresent());
    int parts = Math.max(counted.size(), chains ? plan.map(JobPlan::chains).orElse(1) : 1);
    return counted.stream().mapToDouble(Done::share).sum() / parts;
  }

  private OptionalLong eta(long now) {
    OptionalDouble left = sources.values().stream().flatMapToDouble(source -> source.done().secondsLeft().stream())
        .max();
    if (left.isPresent() && left.getAsDouble() >= 0)
      return OptionalLong.of(Math.round(left.getAsDouble()));
    double progress = progress();
    double passed = (now - state.lastStartEpochMillis()) * 1e-3;
    return progress > 0.01 ? OptionalLong.of(Math.round(passed * (1 - progress) / progress)) : OptionalLong.empty();
  }

  /** Figures of the failure that this start got over. */
  Optional<Recovery> recovered(long now) {
    Optional<Recovery> figures = loss.map(
        lost -> new Recovery(lost.cause(), lost.detectMillis(), now - lost.noticedEpochMillis(), lost.lostMillis()));
    loss = Optional.empty();
    return figures;
  }
}
