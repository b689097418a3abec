package org.halocline.ops.api;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.halocline.ops.http.Answers;
import org.halocline.ops.http.Call;
import org.halocline.ops.http.Endpoint;
import org.halocline.ops.http.Parameter;
import org.halocline.ops.http.Refusal;
import org.halocline.runtime.client.Following;
import org.halocline.runtime.cluster.EventBatch;
import org.halocline.runtime.cluster.JobEventRecord;
import org.halocline.runtime.config.Problem;

/**
 * What happens, as it happens. A stream of server-sent events has an {@code event: job} for each numbered event, its
 * number as the id that a browser sends back when it reconnects, and, where {@code status=1} asks for it, an
 * {@code event: status} each second, or {@code event: silent} while the coordinator does not answer, after an
 * {@code event: cluster} that tells whose numbers they are. Streams are fetched as fast as they are read.
 */
final class EventEndpoints {
  private static final int MOST_STREAMS = 64;
  private static final Parameter FROM = Parameter.query("from", 0, Long.MAX_VALUE,
      "Number of the first event wanted; 0 for the first there is.");
  private static final Parameter STATUS = Parameter.query("status", 0, 1,
      "1: a stream also tells the status, each second.");
  private static final Parameter LAST = Parameter.header("Last-Event-ID", 0, Long.MAX_VALUE - 1,
      "As browsers send it: go on after this event.");
  private static final Duration BEAT = Duration.ofSeconds(10);
  private static final Duration STATUS_EVERY = Duration.ofSeconds(1);

  private final NodeApi api;
  private final AtomicInteger streams = new AtomicInteger();
  private final StatusFeed statuses;

  EventEndpoints(NodeApi api) {
    this.api = api;
    this.statuses = new StatusFeed(this::status, System::nanoTime);
  }

  List<Endpoint> all() {
    return List.of(
        events("/events", "Events of all jobs", call -> answer(call, Optional.empty())),
        events("/jobs/{id}/events", "Events of one job", call -> {
          String id = call.segment("id");
          api.job(id);
          return answer(call, Optional.of(id));
        }).refuses(Refusal.NOT_FOUND));
  }

  private static Endpoint events(String path, String which, Endpoint.Handler handler) {
    return Endpoint.of("GET", NodeApi.ROOT + path, Endpoint.Access.READ, which
        + ". With Accept: text/event-stream they are told as they come (event: job, id: its number; with status=1 also"
        + " event: status, event: silent, and first event: cluster, which tells whose numbers they are). Else the "
        + "answer"
        + " holds as many as one message does, as soon as there are any, and none where none comes for some seconds.",
        handler).takes(FROM, STATUS, LAST).answers(200, EventBatch.class)
        .answers(200, "text/event-stream", String.class).refuses(Refusal.UNAVAILABLE);
  }

  private HttpResponse answer(Call call, Optional<String> job) throws Refusal, InterruptedException {
    OptionalLong last = call.number(LAST);
    long from = last.isPresent() ? last.getAsLong() + 1 : call.number(FROM).orElse(0);
    boolean status = call.number(STATUS).orElse(0) == 1;
    return call.wantsEvents() ? stream(job, from, status) : batch(job, from);
  }

  /** As many events as one message holds; none where none comes for a while, from a coordinator that is there. */
  private HttpResponse batch(Optional<String> job, long from) throws Refusal, InterruptedException {
    try (Following following = api.cluster().follow(job, from)) {
      return Answers
          .ok(following.next().toCompletableFuture().get(api.cluster().questions().toMillis(),
              TimeUnit.MILLISECONDS));
    } catch (TimeoutException | ExecutionException _) {
      NodeApi.answered(api.cluster().jobs(0, 1));
      return Answers.ok(new EventBatch(List.of(), from));
    }
  }

  private HttpResponse stream(Optional<String> job, long from, boolean status) throws Refusal {
    if (streams.get() >= MOST_STREAMS)
      throw new Refusal(Refusal.UNAVAILABLE,
          new Problem("streams", Integer.toString(MOST_STREAMS), "are open already", "close one, or ask another node"));
    Source<ByteString, NotUsed> events = Source
        .<EventBatch, Following>unfoldResourceAsync(
            () -> CompletableFuture.completedFuture(api.cluster().follow(job, from)),
            EventEndpoints::nextOrEnd, following -> {
              following.close();
              return CompletableFuture.completedFuture(Done.getInstance());
            })
        .mapConcat(EventBatch::events).map(EventEndpoints::frame);
    Source<ByteString, NotUsed> all = status ? events.merge(statuses(), true) : events;
    ByteString beat = ByteString.fromString(":\n\n");
    Source<ByteString, NotUsed> counted = Source
        .single(ByteString.fromString("retry: 2000\n\n").concat(status ? cluster() : ByteString.emptyByteString()))
        .concat(all)
        .keepAlive(BEAT, () -> beat)
        .watchTermination(Keep.both()).mapMaterializedValue(pair -> {
          // Only now is there something that will end.
          streams.incrementAndGet();
          pair.second().whenComplete((_, _) -> streams.decrementAndGet());
          return pair.first();
        });
    return HttpResponse.create()
        .withEntity(HttpEntities.createChunked(MediaTypes.TEXT_EVENT_STREAM.toContentType(), counted));
  }

  /** Numbers of events mean something within one state directory. */
  private ByteString cluster() {
    return frame("cluster", "", Answers.text(Map.of("identity", api.state().identity())));
  }

  /** A node that stops ends its streams; browsers then come back, or go to another. */
  private static CompletionStage<Optional<EventBatch>> nextOrEnd(Following following) {
    return following.next().handle((batch, closed) -> closed == null ? Optional.of(batch) : Optional.empty());
  }

  private Source<ByteString, ?> statuses() {
    return Source.tick(Duration.ZERO, STATUS_EVERY, NotUsed.getInstance()).buffer(1,
        org.apache.pekko.stream.OverflowStrategy.dropHead()).mapAsync(1, _ -> statuses.newest());
  }

  private ByteString status() {
    try {
      return frame("status", "", Answers.text(NodeApi.answered(api.cluster().describe())));
    } catch (Refusal silent) {
      return frame("silent", "", Answers.text(silent.problems().getFirst()));
    } catch (InterruptedException e) {
      throw new java.util.concurrent.CompletionException(e);
    }
  }

  private static ByteString frame(JobEventRecord event) {
    return frame("job", "id: " + event.number() + "\n", Answers.text(event));
  }

  /** JSON on one line holds no line break. */
  private static ByteString frame(String event, String id, String json) {
    return ByteString.fromString("event: " + event + "\n" + id + "data: " + json + "\n\n");
  }
}
