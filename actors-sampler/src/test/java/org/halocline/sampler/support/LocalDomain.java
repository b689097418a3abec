package org.halocline.sampler.support;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.halocline.cosmology.comm.Collectives;
import org.halocline.cosmology.comm.Port;
import org.halocline.cosmology.core.CoreKernels;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.domain.SimulationActor;
import org.halocline.domain.program.RankCommand;
import org.halocline.domain.program.RankProgram;
import org.halocline.domain.program.RankReply;
import org.halocline.sampler.tape.RankScope;

/** Stands in for a domain of one chain: ranks are threads of this process, ports are queues. */
public final class LocalDomain {
  private LocalDomain() {}

  /** @param refuses commands that fail */
  public static Behavior<SimulationActor.Command> create(Decomposition decomposition,
      Function<RankScope, RankProgram> programs, Predicate<RankCommand> refuses) {
    return Behaviors.setup(_ -> {
      List<ExecutorService> threads = new ArrayList<>();
      List<CompletableFuture<RankProgram>> ranks = new ArrayList<>();
      Arena arena = Arena.ofShared();
      List<Port> ports = MemoryDomain.ports(decomposition.ranks());
      for (int rank = 0; rank < decomposition.ranks(); rank++) {
        int me = rank;
        threads.add(Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory()));
        ranks.add(CompletableFuture.supplyAsync(() -> programs.apply(
            new RankScope(CoreKernels.of(), decomposition, me, new Collectives(ports.get(me), arena))),
            threads.get(rank)));
      }
      return Behaviors.receive(SimulationActor.Command.class).onMessage(SimulationActor.Execute.class, execute -> {
        boolean refused = refuses.test(execute.command());
        List<CompletableFuture<RankReply>> replies = new ArrayList<>();
        for (int rank = 0; rank < ranks.size(); rank++)
          replies.add(ranks.get(rank).thenApplyAsync(program -> {
            try {
              if (refused)
                throw new IllegalStateException("refused on purpose");
              return program.run(execute.command());
            } catch (Exception e) {
              throw new IllegalStateException(e.getMessage(), e);
            }
          }, threads.get(rank)));
        CompletableFuture.allOf(replies.toArray(CompletableFuture[]::new)).whenComplete((_, failure) -> execute
            .replyTo().tell(failure == null
                ? new SimulationActor.Done(execute.chain(), replies.stream().map(CompletableFuture::join).toList(),
                    List.of())
                : new SimulationActor.Failed(execute.chain(), failure.getCause().getMessage(), false)));
        return Behaviors.same();
      }).onSignal(PostStop.class, _ -> {
        threads.forEach(ExecutorService::shutdownNow);
        return Behaviors.same();
      }).build();
    });
  }
}
