package org.halocline.runtime.membership;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.PoisonPill;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.slf4j.LoggerFactory;

/**
 * An actor system that ends waits until each stream of its remoting has ended, and one may close its connection in
 * order, which takes an answer from the other side: where the network is cut, the kernel gives up after a quarter of an
 * hour, and until then the system, its port and its node stay. So streams that are left after a while are stopped.
 * (apache/pekko#3317, in Pekko 2.0: there the setting {@code shutdown-streams-timeout} does it.)
 */
public final class StuckStreams {
  /** After everything else has ended; less than the last phase of the shutdown may take. */
  public static final Duration END_WITHIN = Duration.ofSeconds(3);
  /** All streams of a system are under these. */
  private static final String MATERIALIZERS = "/system/Materializers/*";

  private StuckStreams() {}

  /**
   * To be called once for a system, before it ends.
   *
   * @param patience after everything else has ended; less than the last phase of the shutdown may take
   */
  public static void stopAtEndOf(ActorSystem<?> system, Duration patience) {
    CoordinatedShutdown.get(system).addTask(CoordinatedShutdown.PhaseActorSystemTerminate(), "stop-stuck-streams",
        () -> {
          CompletionStage<Done> ended = system.getWhenTerminated();
          CompletableFuture.delayedExecutor(patience.toMillis(), TimeUnit.MILLISECONDS).execute(() -> {
            if (!ended.toCompletableFuture().isDone())
              stop(system);
          });
          return ended;
        });
  }

  private static void stop(ActorSystem<?> system) {
    LoggerFactory.getLogger(StuckStreams.class)
        .info("connections to other nodes are not closed in order; they are cut");
    Adapter.toClassic(system).actorSelection(MATERIALIZERS).tell(PoisonPill.getInstance(), ActorRef.noSender());
  }
}
