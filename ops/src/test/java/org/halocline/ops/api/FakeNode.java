package org.halocline.ops.api;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.halocline.ops.http.AccessToken;
import org.halocline.ops.http.HttpServer;
import org.halocline.ops.http.HttpSettings;
import org.halocline.runtime.client.ClusterClient;
import org.halocline.runtime.cluster.CoordinatorMessage;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.job.JobKinds;
import org.halocline.runtime.state.StateDirectory;

/** A node's HTTP side over a coordinator that plays a {@link Scene}. */
public final class FakeNode implements AutoCloseable {
  /** Patience of a node whose coordinator is to be missed, or that is asked for what does not happen. */
  static final Duration HASTE = Duration.ofSeconds(1);
  /** Id of the job that runs in it. */
  public static final String JOB = Scene.JOB;

  private final ActorSystem<Void> system;
  private final ActorRef<CoordinatorMessage> coordinator;
  private final HttpServer server;
  private final Scene scene;
  private final Path run;
  private final String token;

  private FakeNode(ActorSystem<Void> system, ActorRef<CoordinatorMessage> coordinator, HttpServer server, Scene scene,
      Path run, String token) {
    this.system = system;
    this.coordinator = coordinator;
    this.server = server;
    this.scene = scene;
    this.run = run;
    this.token = token;
  }

  /** Its coordinator answers at once, however long that takes on a busy machine. */
  public static FakeNode start(Path folder, HttpSettings settings, JobKinds kinds, long seed) throws IOException {
    return start(folder, settings, kinds, seed, Duration.ofMinutes(2));
  }

  /** @param patience of the node with its coordinator, and of its callers with events that have not happened yet */
  static FakeNode start(Path folder, HttpSettings settings, JobKinds kinds, long seed, Duration patience)
      throws IOException {
    Clock clock = Clock.systemUTC();
    StateDirectory state = StateDirectory.open(folder, "tea");
    Scene scene = new Scene(seed, clock.millis());
    Path run = Files.createDirectories(folder.resolve("runs/" + Scene.JOB));
    ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "fake-node",
        ConfigFactory.parseString("pekko.actor.provider = local, pekko.log-dead-letters = off")
            .withFallback(ConfigFactory.parseResources("halocline-node.conf"))
            .withFallback(ConfigFactory.defaultReference()).resolve());
    ActorRef<CoordinatorMessage> coordinator = system.systemActorOf(
        FakeCoordinator.create(scene.frame(0, false, run.toString()), state.token(), clock), "coordinator",
        org.apache.pekko.actor.typed.Props.empty());
    ClusterClient line = new ClusterClient(system, coordinator.narrow(), state.token()).withTimeouts(patience,
        patience.multipliedBy(2));
    NodeApi api = new NodeApi(line, kinds, state, new Proxy(system, line, "fake", state.token()),
        folder.resolve("node.log"));
    HttpServer server = HttpServer.start(system, settings, Optional.of(AccessToken.of(state.token())), api.endpoints(),
        clock);
    return new FakeNode(system, coordinator, server, scene, run, state.token());
  }

  public HttpServer server() {
    return server;
  }

  String token() {
    return token;
  }

  /** The job's run directory. */
  public Path run() {
    return run;
  }

  void play(double seconds, boolean silent) {
    coordinator.tell(new FakeCoordinator.Play(scene.frame(seconds, silent, run.toString()), scene.events(seconds),
        Scene.JOB));
  }

  /** There are no jobs. */
  void playEmpty() {
    coordinator.tell(new FakeCoordinator.Play(scene.empty(), List.of(), Scene.JOB));
  }

  public void happen(JobEvent event) {
    coordinator.tell(new FakeCoordinator.Play(scene.frame(0, false, run.toString()), List.of(event), Scene.JOB));
  }

  public void mute(boolean silent) {
    coordinator.tell(new FakeCoordinator.Mute(silent));
  }

  @Override
  public void close() {
    server.close();
    system.terminate();
    try {
      system.getWhenTerminated().toCompletableFuture().get(3, java.util.concurrent.TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      throw new AssertionError("the actor system does not stop", e);
    }
  }
}
