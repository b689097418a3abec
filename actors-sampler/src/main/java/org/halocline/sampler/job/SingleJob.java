package org.halocline.sampler.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.halocline.domain.DomainPlan;
import org.halocline.domain.SimulationActor;
import org.halocline.domain.program.Collected;
import org.halocline.domain.program.LaneUse;
import org.halocline.domain.program.RankProgress;
import org.halocline.runtime.config.StrictJson;
import org.halocline.runtime.files.PendingFile;
import org.halocline.runtime.files.StorageException;
import org.halocline.runtime.job.Done;
import org.halocline.runtime.job.JobCommand;
import org.halocline.runtime.job.JobContext;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.log.JobMdc;

/**
 * The actor of a job that gives one command to one chain: builds the domain, runs the command, gives the results their
 * names once all are there, and stops after the domain has freed its memory.
 */
final class SingleJob extends AbstractBehavior<JobCommand> {
  /** Parts whose time is that of the simulation's steps. */
  private static final List<String> SIMULATED = List.of("forward", "reverse");

  private static final int CHAIN = 0;
  private static final ObjectMapper JSON = StrictJson.mapper().enable(SerializationFeature.INDENT_OUTPUT);

  private record Replied(SimulationActor.Reply reply) implements JobCommand, NoSerializationVerificationNeeded {}

  private record Progressed(RankProgress progress) implements JobCommand, NoSerializationVerificationNeeded {}

  private record Named(JobEvent last) implements JobCommand, NoSerializationVerificationNeeded {}

  private final JobContext job;
  private final SinglePlan plan;
  private final Map<String, PendingFile> pending = new LinkedHashMap<>();
  private final ActorRef<SimulationActor.Command> domain;
  private boolean ending;

  static Behavior<JobCommand> create(JobContext job, SinglePlan plan) {
    return Behaviors.setup(context -> new SingleJob(context, job, plan));
  }

  private SingleJob(ActorContext<JobCommand> context, JobContext job, SinglePlan plan) {
    super(context);
    this.job = job;
    this.plan = plan;
    for (String name : plan.results())
      pending.put(name, job.run().pending(name));
    plan.notes().forEach(this::warn);
    domain = context
        .spawn(JobMdc.carried(SimulationActor.create(DomainPlan.of(job, 0, plan.decomposition(job.layout())),
            context.messageAdapter(RankProgress.class, Progressed::new))), "domain-0");
    context.watch(domain);
    Map<String, String> places = new LinkedHashMap<>();
    pending.forEach((name, file) -> places.put(name, file.path().toString()));
    domain.tell(new SimulationActor.Execute(CHAIN, new RunOnce(places),
        context.messageAdapter(SimulationActor.Reply.class, Replied::new)));
  }

  private void warn(String warning) {
    getContext().getLog().info("{}", warning);
    job.events().tell(JobEvent.Progress.note(warning));
  }

  @Override
  public Receive<JobCommand> createReceive() {
    return newReceiveBuilder().onMessage(Progressed.class, this::progressed).onMessage(Replied.class, this::replied)
        .onMessage(Named.class, named -> end(named.last())).onMessage(JobCommand.Cancel.class, this::cancel)
        .onSignal(Terminated.class, this::domainGone).build();
  }

  private Behavior<JobCommand> progressed(Progressed message) {
    RankProgress progress = message.progress();
    job.events().tell(new JobEvent.Progress("simulation", Done.ofJob(progress.numbers().getOrDefault("done", 0.0),
        progress.numbers().getOrDefault("of", 0.0)), progress.line(), progress.numbers()));
    return this;
  }

  private Behavior<JobCommand> cancel(JobCommand.Cancel cancel) {
    domain.tell(new SimulationActor.Cancel(CHAIN, cancel.reason()));
    return this;
  }

  private Behavior<JobCommand> replied(Replied message) {
    return switch (message.reply()) {
      case SimulationActor.Done(int chain, RunSummary summary, List<LaneUse> _) -> name(summary);
      case SimulationActor.Done done -> end(new JobEvent.Failed(false, "unexpected reply " + done.reply()));
      case SimulationActor.Cancelled(int chain, String why) -> end(new JobEvent.Cancelled(why));
      case SimulationActor.Failed(int chain, String why, boolean badInput) -> end(new JobEvent.Failed(badInput, why));
    };
  }

  /** Renaming waits for the disk, so it has a thread of its own. */
  private Behavior<JobCommand> name(RunSummary summary) {
    List<PendingFile> files = List.copyOf(pending.values());
    CompletableFuture<JobEvent> named = CompletableFuture.supplyAsync(() -> {
      try {
        PendingFile.commitAll(files);
        return new JobEvent.Finished(table(summary), json(summary));
      } catch (StorageException failed) {
        return new JobEvent.Failed(false, failed.getMessage());
      }
    }, JobMdc.BLOCKING);
    getContext().pipeToSelf(named, (last, problem) -> new Named(
        problem == null ? last : new JobEvent.Failed(false, String.valueOf(problem))));
    return this;
  }

  private Behavior<JobCommand> end(JobEvent last) {
    if (ending)
      return this;
    ending = true;
    if (!(last instanceof JobEvent.Finished))
      discard();
    job.events().tell(last);
    domain.tell(new SimulationActor.Stop());
    return this;
  }

  private void discard() {
    for (PendingFile file : pending.values())
      try {
        file.discard();
      } catch (StorageException failed) {
        getContext().getLog().warn("{}", failed.getMessage());
      }
  }

  private Behavior<JobCommand> domainGone(Terminated gone) {
    if (!ending)
      end(new JobEvent.Failed(false, "the actor that leads the domain ended unexpectedly; see the log"));
    return Behaviors.stopped();
  }

  private String table(RunSummary summary) {
    StringBuilder table = new StringBuilder();
    summary.results().forEach((name, value) -> table.append(String.format(Locale.ROOT, "%-12s %s%n", name, value)));
    for (String part : summary.lanes().keySet())
      table.append(String.format(Locale.ROOT, "%-12s %9.3f s%s%n", part, summary.seconds(part),
          aParticleAndStep(part, summary.seconds(part))));
    for (int rank = 0; rank < job.layout().ranks(); rank++)
      for (String part : SIMULATED)
        if (summary.lanes().containsKey(part))
          table.append(String.format(Locale.ROOT, "%-12s %s in %s%n", "lane " + rank,
              summary.lanes().get(part).get(rank).shares(), part));
    String collected = SIMULATED.stream().filter(part -> collections(summary, part).count() > 0)
        .map(part -> part + " " + collections(summary, part).words()).collect(Collectors.joining(", "));
    if (!collected.isEmpty())
      table.append(String.format(Locale.ROOT, "%-12s %s%n", "collections", collected));
    table.append(String.format(Locale.ROOT, "%-12s %9.1f MiB in %d exchanges%n", "moved",
        summary.allBytesMoved() / 0x1p20, summary.exchanges()));
    table.append(String.format(Locale.ROOT, "%-12s %9.1f MiB a lane%s%n", "memory",
        (summary.heapBytes() + summary.stagingBytes()) / 0x1p20,
        summary.deviceBytes() > 0
            ? String.format(Locale.ROOT, ", %.1f MiB of its device", summary.deviceBytes() / 0x1p20)
            : ""));
    table.append("results      ").append(String.join(", ", pending.keySet())).append('\n');
    return table.toString();
  }

  private static Collected collections(RunSummary summary, String part) {
    return summary.collections().getOrDefault(part, Collected.NONE);
  }

  private String aParticleAndStep(String part, double seconds) {
    if (!SIMULATED.contains(part))
      return "";
    return String.format(Locale.ROOT, ", %.1f ns a particle and step", seconds * 1e9 / plan.model().updates());
  }

  private String json(RunSummary summary) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("kind", job.spec().kind());
    document.put("layout", Map.of("domains", job.layout().domains(), "x", job.layout().x(), "y", job.layout().y()));
    document.putAll(summary.results());
    Map<String, Double> seconds = new LinkedHashMap<>();
    summary.lanes().keySet().forEach(part -> seconds.put(part, summary.seconds(part)));
    document.put("seconds", seconds);
    document.put("lanes", summary.lanes());
    Map<String, Object> collections = new LinkedHashMap<>();
    summary.collections().forEach((part, collected) -> collections.put(part, collected.numbers()));
    document.put("collections", collections);
    document.put("bytes-moved", summary.allBytesMoved());
    document.put("bytes-moved-by-phase", summary.bytesMoved());
    document.put("exchanges", summary.exchanges());
    document.put("memory", Map.of("device-bytes-a-lane", summary.deviceBytes(), "heap-bytes-a-lane",
        summary.heapBytes(), "native-bytes-a-lane", summary.stagingBytes(), "heap-used-bytes",
        Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()));
    document.putAll(plan.model().facts());
    document.put("warnings", plan.notes());
    document.put("results", List.copyOf(pending.keySet()));
    try {
      return JSON.writeValueAsString(document);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("numbers and names are JSON", impossible);
    }
  }
}
