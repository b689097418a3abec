package org.halocline.runtime.support;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.Range;
import org.halocline.runtime.config.Settings;
import org.halocline.runtime.files.StorageException;
import org.halocline.runtime.job.Done;
import org.halocline.runtime.job.JobCommand;
import org.halocline.runtime.job.JobContext;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.job.JobFile;
import org.halocline.runtime.job.JobKind;
import org.halocline.runtime.job.JobPlan;
import org.halocline.runtime.layout.Layout;
import org.halocline.runtime.layout.LayoutCost;
import org.halocline.runtime.rank.NodeAgent;
import org.halocline.runtime.rank.RankAssignment;
import org.halocline.runtime.rank.RankSlot;

/** A job for tests: its key {@code act} says how it behaves. */
public final class ToyKind implements JobKind {
  enum Act {
    FINISH, FAIL, DIE, VANISH, WAIT, DEAF, LIE, DIE_AT_START, RANK, WHERE
  }

  @Override
  public String name() {
    return "toy";
  }

  @Override
  public Checked<JobPlan> check(JobFile file) {
    Settings settings = file.settings();
    Act act = settings.choice("act", Act.class, Act.FINISH);
    int chains = settings.integer("chains", 1, 1, 64);
    double memory = settings.number("memory-mib", 1, new Range(0, true, Double.POSITIVE_INFINITY, true));
    Optional<Path> input = settings.inputFile("input");
    settings.block("layout").integer("x", 1, 8);
    return settings
        .finish(() -> new Plan(settings.resolved(), input.stream().toList(), act, chains, (long) (memory * (1 << 20))));
  }

  private record Plan(Config resolved, List<Path> inputs, Act act, int chains, long bytes) implements JobPlan {
    @Override
    public LayoutCost cost(Layout layout) {
      return ToyLayouts.cost(layout, bytes, 0);
    }

    @Override
    public Behavior<JobCommand> start(JobContext job) {
      if (act == Act.DIE_AT_START)
        throw new IllegalStateException("no actor for you");
      String maker = Thread.currentThread().getName();
      return Behaviors.setup(context -> {
        job.events().tell(new JobEvent.Progress("toy", Done.unknown(), "resume=" + job.resume(),
            Map.of("incarnation", (double) job.run().incarnation())));
        return switch (act) {
          case FINISH -> {
            job.run().write("result.txt", "42\n");
            job.events().tell(new JobEvent.Finished("the table", "{\"answer\": 42}"));
            yield Behaviors.stopped();
          }
          case FAIL -> {
            job.events().tell(new JobEvent.Failed(false, "it did not work"));
            yield Behaviors.stopped();
          }
          case DIE -> throw StorageException.of(job.run().file("x.npy"), "written",
              new java.io.IOException("No space left on device"));
          case VANISH -> Behaviors.stopped();
          case LIE -> {
            job.events().tell(new JobEvent.Finished("", ""));
            job.events().tell(new JobEvent.Failed(false, "too late"));
            yield Behaviors.stopped();
          }
          case WAIT -> untilCancelled(job);
          case DEAF, DIE_AT_START -> Behaviors.ignore();
          case RANK -> withRank(job);
          case WHERE -> {
            job.events().tell(new JobEvent.Finished(maker + "\n" + Thread.currentThread().getName(), ""));
            yield Behaviors.stopped();
          }
        };
      });
    }

    private static Behavior<JobCommand> untilCancelled(JobContext job) {
      return Behaviors.receive(JobCommand.class).onMessage(JobCommand.Cancel.class, cancel -> {
        job.events().tell(new JobEvent.Cancelled(cancel.reason()));
        return Behaviors.stopped();
      }).build();
    }

    private record Spawned(NodeAgent.SpawnReply reply) implements JobCommand {}

    private record Answered(String text) implements JobCommand {}

    /** Starts a rank on its first slot, asks it something, and finishes with the answer. */
    private static Behavior<JobCommand> withRank(JobContext job) {
      return Behaviors.setup(context -> {
        RankSlot slot = job.domainSlots(0).getFirst();
        RankAssignment assignment = new RankAssignment(job.spec().id(), "toy", job.spec().resolvedText(),
            job.run().path().toString(), job.tokens().get(0), 0, 1, 1, List.of(), slot.lane(), Optional.empty());
        slot.agent().tell(
            new NodeAgent.SpawnRank(assignment, context.messageAdapter(NodeAgent.SpawnReply.class, Spawned::new)));
        ActorRef<String> answers = context.messageAdapter(String.class, Answered::new);
        return Behaviors.receive(JobCommand.class).onMessage(Spawned.class, spawned -> {
          switch (spawned.reply()) {
            case NodeAgent.RankSpawned(_, ActorRef<Object> actor) ->
              actor.<EchoHost.Ask>narrow().tell(new EchoHost.Ask("hello", answers));
            case NodeAgent.RankRefused(int rank, String node, String message) -> job.events()
                .tell(new JobEvent.Failed(false, "rank " + rank + " on " + node + ": " + message));
          }
          return Behaviors.same();
        }).onMessage(Answered.class, answer -> {
          job.events().tell(new JobEvent.Finished(answer.text(), ""));
          return Behaviors.stopped();
        }).build();
      });
    }
  }
}
