package org.halocline.runtime.support;

import com.typesafe.config.Config;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.Settings;
import org.halocline.runtime.job.Done;
import org.halocline.runtime.job.JobCommand;
import org.halocline.runtime.job.JobContext;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.job.JobFile;
import org.halocline.runtime.job.JobKind;
import org.halocline.runtime.job.JobPlan;
import org.halocline.runtime.layout.Layout;
import org.halocline.runtime.layout.LayoutCost;
import org.halocline.runtime.layout.LayoutRequest;
import org.halocline.runtime.rank.NodeAgent;
import org.halocline.runtime.rank.RankAssignment;
import org.halocline.runtime.rank.RankSlot;
import org.halocline.runtime.run.Checkpoint;
import org.halocline.runtime.run.CheckpointStore;

/**
 * A job for tests of clusters: a rank on each of its lanes, and a count that goes up every so many milliseconds, with a
 * checkpoint each time. When a rank goes the job fails. Its result is a line for each number, so a number that was lost
 * or counted twice shows. Given a gate, a file, it counts to {@code hold-at} and no further before that file is there.
 */
public final class CountKind implements JobKind {
  @Override
  public String name() {
    return "count";
  }

  @Override
  public Checked<JobPlan> check(JobFile file) {
    Settings settings = file.settings();
    int to = settings.integer("to", 10, 1, 1_000_000);
    int millis = settings.integer("millis", 20, 1, 10_000);
    int chains = settings.integer("chains", 1, 1, 64);
    int failAt = settings.integer("fail-at", 0, 0, 1_000_000);
    int holdAt = settings.integer("hold-at", 0, 0, 1_000_000);
    Optional<Path> gate = settings.text("gate").map(Path::of);
    settings.integer("salt", 0, 0, 1_000_000);
    Optional<Integer> domains = settings.block("layout").integer("domains", 1, 64);
    return settings.finish(() -> new Plan(settings.resolved(), to, millis, chains, failAt, holdAt, gate, domains));
  }

  private record Plan(Config resolved, int to, int millis, int chains, int failAt, int holdAt,
      Optional<Path> gate, Optional<Integer> domains) implements JobPlan {
    @Override
    public List<Path> inputs() {
      return List.of();
    }

    @Override
    public Set<String> growingKeys() {
      return Set.of("to");
    }

    @Override
    public LayoutRequest layoutRequest() {
      return domains.map(wanted -> ToyLayouts.request(new Layout(wanted, 1, 1))).orElse(LayoutRequest.none());
    }

    @Override
    public LayoutCost cost(Layout layout) {
      return ToyLayouts.cost(layout, 1 << 20, 0);
    }

    @Override
    public Behavior<JobCommand> start(JobContext job) {
      return Behaviors.setup(context -> Behaviors.withTimers(timers -> new Counter(context, timers, job, this)));
    }
  }

  private record Next() implements JobCommand {}

  private record Spawned(NodeAgent.SpawnReply reply) implements JobCommand {}

  private static final class Counter extends AbstractBehavior<JobCommand> {
    private final JobContext job;
    private final Plan plan;
    private final CheckpointStore store;
    private StringBuilder lines = new StringBuilder();
    private int count;
    private int spawned;

    Counter(ActorContext<JobCommand> context, TimerScheduler<JobCommand> timers, JobContext job, Plan plan)
        throws IOException {
      super(context);
      this.job = job;
      this.plan = plan;
      this.store = job.run().checkpoints("count");
      Optional<Checkpoint> last = store.latest();
      if (last.isPresent()) {
        lines = new StringBuilder(new String(last.get().read("lines"), StandardCharsets.UTF_8));
        count = Integer.parseInt(last.get().attributes().get("count"));
      }
      ActorRef<NodeAgent.SpawnReply> replies = context.messageAdapter(NodeAgent.SpawnReply.class, Spawned::new);
      int domain = 0;
      for (RankSlot slot : job.slots())
        slot.agent().tell(new NodeAgent.SpawnRank(new RankAssignment(job.spec().id(), "count",
            job.spec().resolvedText(), job.run().path().toString(), job.tokens().get(domain++), 0, 1, 1, List.of(),
            slot.lane(), Optional.empty()), replies));
      timers.startTimerWithFixedDelay(new Next(), Duration.ofMillis(plan.millis()));
    }

    @Override
    public Receive<JobCommand> createReceive() {
      return newReceiveBuilder().onMessage(Next.class, _ -> next()).onMessage(Spawned.class, this::spawned)
          .onMessage(JobCommand.Cancel.class, cancel -> last(new JobEvent.Cancelled(cancel.reason())))
          .onSignal(Terminated.class, _ -> last(new JobEvent.Failed(false, "a rank is gone"))).build();
    }

    private Behavior<JobCommand> spawned(Spawned spawn) {
      return switch (spawn.reply()) {
        case NodeAgent.RankSpawned(_, ActorRef<Object> actor) -> {
          getContext().watch(actor);
          spawned++;
          yield this;
        }
        case NodeAgent.RankRefused(_, String node, String message) ->
          last(new JobEvent.Failed(false, node + ": " + message));
      };
    }

    private Behavior<JobCommand> next() throws IOException {
      if (spawned < job.slots().size())
        return this;
      if (count == plan.holdAt() && plan.gate().filter(Files::notExists).isPresent()) {
        tellProgress(); // of several in a short time only one is told
        return this;
      }
      if (count + 1 == plan.failAt())
        return last(new JobEvent.Failed(false, "it never gets to " + plan.failAt()));
      count++;
      lines.append(count).append('\n');
      CheckpointStore.Draft draft = store.begin();
      draft.write("lines", lines.toString().getBytes(StandardCharsets.UTF_8));
      draft.commit(Map.of("count", Integer.toString(count)));
      job.events().tell(new JobEvent.Checkpointed("chain 0", 1, lines.length(), 0.01));
      tellProgress();
      if (count < plan.to())
        return this;
      job.run().write("result.txt", lines.toString());
      return last(new JobEvent.Finished("counted to " + count, "{}"));
    }

    private void tellProgress() {
      job.events()
          .tell(new JobEvent.Progress("chain 0", Done.ofChain(0, count, plan.to(), -1), count + " of " + plan.to(),
              Map.of("draw", (double) count, "of", (double) plan.to())));
    }

    private Behavior<JobCommand> last(JobEvent event) {
      job.events().tell(event);
      return Behaviors.stopped();
    }
  }

  /** What an undisturbed run writes. */
  public static String result(int to) {
    StringBuilder lines = new StringBuilder();
    for (int i = 1; i <= to; i++)
      lines.append(i).append('\n');
    return lines.toString();
  }
}
