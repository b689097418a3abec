package org.halocline.sampler.job;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
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
import org.halocline.domain.program.RankProgress;
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
  /** Its only one. */
  private static final int CHAIN = 0;

  private record Replied(SimulationActor.Reply reply) implements JobCommand, NoSerializationVerificationNeeded {}

  private record Progressed(RankProgress progress) implements JobCommand, NoSerializationVerificationNeeded {}

  private record Named(JobEvent last) implements JobCommand, NoSerializationVerificationNeeded {}

  private final JobContext job;
  private final ModelJob plan;
  private final SingleWork work;
  private final Map<String, PendingFile> pending = new LinkedHashMap<>();
  private final ActorRef<SimulationActor.Command> domain;
  private boolean ending;

  static Behavior<JobCommand> create(JobContext job, ModelJob plan, SingleWork work) {
    return Behaviors.setup(context -> new SingleJob(context, job, plan, work));
  }

  private SingleJob(ActorContext<JobCommand> context, JobContext job, ModelJob plan, SingleWork work) {
    super(context);
    this.job = job;
    this.plan = plan;
    this.work = work;
    for (String name : work.results())
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
    job.events().tell(new JobEvent.Progress("simulation", Done.ofJob(progress.done(), progress.of()),
        progress.line(), Map.of("done", (double) progress.done(), "of", (double) progress.of())));
    return this;
  }

  private Behavior<JobCommand> cancel(JobCommand.Cancel cancel) {
    domain.tell(new SimulationActor.Cancel(CHAIN, cancel.reason()));
    return this;
  }

  private Behavior<JobCommand> replied(Replied message) {
    return switch (message.reply()) {
      case SimulationActor.Done done when done.first() instanceof RunSummary -> name(done.all(RunSummary.class));
      case SimulationActor.Done done -> end(new JobEvent.Failed(false, "unexpected reply " + done.first()));
      case SimulationActor.Cancelled(int chain, String why) -> end(new JobEvent.Cancelled(why));
      case SimulationActor.Failed(int chain, String why, boolean badInput) -> end(new JobEvent.Failed(badInput, why));
    };
  }

  /** Renaming waits for the disk, so it has a thread of its own. */
  private Behavior<JobCommand> name(List<RunSummary> ranks) {
    List<PendingFile> files = List.copyOf(pending.values());
    RunReport report = new RunReport(job, plan, work, ranks);
    CompletableFuture<JobEvent> named = CompletableFuture.supplyAsync(() -> {
      try {
        PendingFile.commitAll(files);
        return new JobEvent.Finished(report.table(), report.json());
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
}
