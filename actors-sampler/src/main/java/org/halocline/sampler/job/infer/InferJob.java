package org.halocline.sampler.job.infer;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.domain.DomainPlan;
import org.halocline.domain.SimulationActor;
import org.halocline.domain.program.RankProgress;
import org.halocline.runtime.files.StorageException;
import org.halocline.runtime.job.JobCommand;
import org.halocline.runtime.job.JobContext;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.log.JobMdc;
import org.halocline.sampler.chain.ChainActor;
import org.halocline.sampler.chain.ChainEvent;
import org.halocline.sampler.chain.ChainSettings;
import org.halocline.sampler.job.ModelJob;

/**
 * The actor of an inference: deals chains to domains in turn, hears them, and when all have ended writes what they
 * found together. A chain that fails ends the job as failed, but only after the others are done, so that nothing is
 * lost to a resumed run; where the runtime starts the job again by itself, the others only write a checkpoint. It and
 * its chains wait for the disk, and run where actors may; the leaders of domains do not.
 */
final class InferJob extends AbstractBehavior<JobCommand> {
  static final String FIELDS = "draws";
  /** A trajectory that ends by then ends with a checkpoint when the job is stopped. */
  private static final Duration SOON = Duration.ofMillis(500);
  private static final Duration AT_LEISURE = Duration.ofSeconds(30);

  private record Heard(ChainEvent event) implements JobCommand, NoSerializationVerificationNeeded {}

  private record ChainGone(int chain) implements JobCommand, NoSerializationVerificationNeeded {}

  private record Written(JobEvent last) implements JobCommand, NoSerializationVerificationNeeded {}

  private final JobContext job;
  private final ModelJob plan;
  private final Inference work;
  private final List<ActorRef<SimulationActor.Command>> domains = new ArrayList<>();
  private final Map<Integer, ActorRef<ChainActor.Command>> running = new TreeMap<>();
  private final Map<Integer, ChainEvent.Finished> finished = new TreeMap<>();
  private final Map<Integer, ChainEvent.Failed> failed = new TreeMap<>();
  private Optional<String> cancelled = Optional.empty();
  private Optional<JobEvent> last = Optional.empty();
  private int domainsAlive;

  static Behavior<JobCommand> create(JobContext job, ModelJob plan, Inference work) {
    return Behaviors.setup(context -> new InferJob(context, job, plan, work));
  }

  private InferJob(ActorContext<JobCommand> context, JobContext job, ModelJob plan, Inference work) {
    super(context);
    this.job = job;
    this.plan = plan;
    this.work = work;
    plan.notes().forEach(this::note);
    ActorRef<RankProgress> unheard = context.getSystem().ignoreRef();
    Decomposition decomposition = plan.decomposition(job.layout());
    for (int domain = 0; domain < job.layout().domains(); domain++) {
      domains.add(
          context.spawn(JobMdc.carried(SimulationActor.create(DomainPlan.of(job, domain, decomposition), unheard)),
              "domain-" + domain));
      context.watch(domains.getLast());
      domainsAlive++;
    }
    ActorRef<ChainEvent> events = context.messageAdapter(ChainEvent.class, Heard::new);
    for (int chain = 0; chain < work.infer().chains(); chain++)
      start(chain, events);
  }

  private void start(int chain, ActorRef<ChainEvent> events) {
    try {
      running.put(chain, getContext().spawn(JobMdc.carried(ChainActor.create(settings(chain),
          job.run().checkpoints("chain-" + chain), domains.get(chain % domains.size()), events, System::nanoTime)),
          "chain-" + chain, DispatcherSelector.blocking()));
      getContext().watchWith(running.get(chain), new ChainGone(chain));
    } catch (StorageException broken) {
      getContext().getSelf().tell(new Heard(new ChainEvent.Failed(chain, broken.getMessage(), false)));
    }
  }

  private ChainSettings settings(int chain) {
    InferSettings infer = work.infer();
    return new ChainSettings(chain, infer.seed(), infer.sampler(), infer.draws(), infer.saveWarmUp(),
        infer.thinNoise(), infer.thinKappa(), infer.checkpointEvery(), infer.checkpointDraws(),
        job.run().pending(InferResults.drawFile(chain)), job.run().file(FIELDS), comments(chain),
        work.starts().isEmpty() ? Optional.empty() : Optional.of(work.starts().get(chain)));
  }

  private List<String> comments(int chain) {
    InferSettings infer = work.infer();
    List<String> comments = new ArrayList<>(List.of("model = " + plan.model().title(), "method = sample",
        "  num_samples = " + infer.draws(), "  num_warmup = " + infer.sampler().warmUp(),
        "  save_warmup = " + infer.saveWarmUp(), "  thin = 1"));
    comments.addAll(infer.sampler().comments());
    comments.addAll(List.of("id = " + chain, "random seed = " + infer.seed()));
    infer.priors().forEach((parameter, prior) -> comments.add("prior " + parameter.name() + " = " + prior.text()));
    return comments;
  }

  private void note(String line) {
    getContext().getLog().info("{}", line);
    job.events().tell(JobEvent.Progress.note(line));
  }

  @Override
  public Receive<JobCommand> createReceive() {
    return newReceiveBuilder().onMessage(Heard.class, heard -> hear(heard.event()))
        .onMessage(ChainGone.class, gone -> chainGone(gone.chain()))
        .onMessage(Written.class, written -> end(written.last())).onMessage(JobCommand.Cancel.class, this::cancel)
        .onSignal(Terminated.class, _ -> domainGone()).build();
  }

  private Behavior<JobCommand> hear(ChainEvent event) {
    switch (event) {
      case ChainEvent.News(int _, JobEvent news) -> {
        job.events().tell(news);
        return this;
      }
      case ChainEvent.Finished done -> finished.put(done.chain(), done);
      case ChainEvent.Failed broken -> {
        failed.put(broken.chain(), broken);
        note("chain " + broken.chain() + " failed: " + broken.message());
        if (job.startsAgain() || broken.badInput())
          running.values()
              .forEach(chain -> chain.tell(new ChainActor.Stop("chain " + broken.chain() + " failed", AT_LEISURE)));
      }
      case ChainEvent.Cancelled(int chain, String reason) -> cancelled = cancelled.or(() -> Optional.of(reason));
    }
    running.remove(event.chain());
    return finished.size() + failed.size() == work.infer().chains() || running.isEmpty() ? allEnded() : this;
  }

  /** A chain that ended as it should was taken from the running ones before. */
  private Behavior<JobCommand> chainGone(int chain) {
    return running.containsKey(chain)
        ? hear(new ChainEvent.Failed(chain, "its actor died; see the log", false))
        : this;
  }

  private Behavior<JobCommand> cancel(JobCommand.Cancel cancel) {
    cancelled = Optional.of(cancel.reason());
    running.values().forEach(chain -> chain.tell(new ChainActor.Stop(cancel.reason(), SOON)));
    return this;
  }

  private Behavior<JobCommand> allEnded() {
    boolean complete = finished.size() == work.infer().chains();
    if (cancelled.isPresent() && !complete && failed.isEmpty())
      return end(new JobEvent.Cancelled(cancelled.get()));
    if (finished.isEmpty() || (job.startsAgain() && !complete))
      return end(failed.isEmpty() ? new JobEvent.Cancelled("") : failure(""));
    InferResults results = new InferResults(job, plan, work, List.copyOf(finished.values()));
    CompletableFuture<JobEvent> written = CompletableFuture.supplyAsync(() -> {
      try {
        InferResults.Written found = results.write();
        return failed.isEmpty() ? new JobEvent.Finished(found.table(), found.summary()) : failure(found.table());
      } catch (IOException broken) {
        return new JobEvent.Failed(false, broken.getMessage());
      }
    }, JobMdc.BLOCKING);
    getContext().pipeToSelf(written, (event, problem) -> new Written(
        problem == null ? event : new JobEvent.Failed(false, "the results could not be written: " + problem)));
    return this;
  }

  private JobEvent failure(String table) {
    ChainEvent.Failed first = failed.values().iterator().next();
    String message = "chain " + first.chain() + " failed: " + first.message();
    if (failed.size() > 1)
      message += "\n" + (failed.size() - 1) + " more of " + work.infer().chains() + " chains failed with it";
    if (!table.isEmpty())
      message += "\nthe other chains are complete; from them alone:\n" + table;
    return new JobEvent.Failed(first.badInput(), message);
  }

  private Behavior<JobCommand> end(JobEvent event) {
    if (last.isPresent())
      return this;
    last = Optional.of(event);
    job.events().tell(event);
    domains.forEach(domain -> domain.tell(new SimulationActor.Stop()));
    return domainsAlive == 0 ? Behaviors.stopped() : this;
  }

  /** Chains watch their domain by themselves; here it only matters when all have stopped. */
  private Behavior<JobCommand> domainGone() {
    domainsAlive--;
    return last.isPresent() && domainsAlive == 0 ? Behaviors.stopped() : this;
  }
}
