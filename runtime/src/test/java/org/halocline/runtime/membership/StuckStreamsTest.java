package org.halocline.runtime.membership;

import static org.junit.jupiter.api.Assertions.assertThrows;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.Done;
import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.SystemGuardian;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Systems whose end waits for a stream that has no end, as remoting makes it wait for a connection without an answer.
 */
@Timeout(60)
class StuckStreamsTest {
  private final ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "stuck",
      ConfigFactory.parseString("pekko.actor.provider = local").withFallback(ConfigFactory.parseResources(
          "halocline-node.conf")).withFallback(ConfigFactory.defaultReference()).resolve());
  private final CompletableFuture<Done> connection = new CompletableFuture<>();

  /**
   * Like remoting's: the guardian of the system's own actors lets nothing stop before its hooks have said that they are
   * done.
   */
  private static final class Hook extends AbstractActor {
    private final CompletionStage<Done> stream;

    Hook(CompletionStage<Done> stream) {
      this.stream = stream;
      ((ExtendedActorSystem) context().system()).systemGuardian()
          .tell(SystemGuardian.RegisterTerminationHook$.MODULE$, self());
    }

    @Override
    public Receive createReceive() {
      return receiveBuilder().matchEquals(SystemGuardian.TerminationHook$.MODULE$, _ -> {
        var guardian = sender();
        var self = self();
        stream.whenComplete((_, _) -> guardian.tell(SystemGuardian.TerminationHookDone$.MODULE$, self));
      }).build();
    }
  }

  private void waitForAStream() {
    CompletionStage<Done> stream = Source.<Integer>never().merge(Source.completionStage(connection).map(_ -> 1))
        .take(1).runWith(Sink.ignore(), SystemMaterializer.get(system).materializer());
    ((ExtendedActorSystem) Adapter.toClassic(system)).systemActorOf(Props.create(Hook.class, () -> new Hook(stream)),
        "remoting");
  }

  private CompletableFuture<Done> end() {
    CoordinatedShutdown.get(system).runAll(CoordinatedShutdown.unknownReason());
    return system.getWhenTerminated().toCompletableFuture();
  }

  @AfterEach
  void disconnect() throws Exception {
    connection.complete(Done.getInstance());
    system.getWhenTerminated().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  @Test
  void shouldEndThoughAStreamDoesNot() throws Exception {
    waitForAStream();
    StuckStreams.stopAtEndOf(system, Duration.ofMillis(200));
    end().get(30, TimeUnit.SECONDS);
  }

  /** What the test above mends. */
  @Test
  void shouldBeKeptByAStreamWhereNothingStopsIt() {
    waitForAStream();
    assertThrows(TimeoutException.class, () -> end().get(2, TimeUnit.SECONDS));
  }
}
