package org.halocline.ops.client;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Sends a body of any length, and gives up when the other side has taken nothing, and said nothing, for a while. */
final class Upload {
  private final HttpRequest.BodyPublisher body;
  private final long stalledNs;
  private volatile long movedNs = System.nanoTime();

  private Upload(HttpRequest.BodyPublisher body, long stalledSeconds) {
    this.body = body;
    this.stalledNs = TimeUnit.SECONDS.toNanos(stalledSeconds);
  }

  static Upload of(HttpRequest.BodyPublisher body, long stalledSeconds) {
    return new Upload(body, stalledSeconds);
  }

  /** @param silence what becomes of a connection that fails */
  HttpResponse<byte[]> send(HttpClient http, HttpRequest.Builder request, Function<IOException, ApiException> silence)
      throws ApiException, InterruptedException {
    CompletableFuture<HttpResponse<byte[]>> answer = http.sendAsync(
        request.PUT(HttpRequest.BodyPublishers.fromPublisher(this::subscribe, body.contentLength())).build(),
        HttpResponse.BodyHandlers.ofByteArray());
    while (true)
      try {
        return answer.get(1, TimeUnit.SECONDS);
      } catch (TimeoutException _) {
        if (System.nanoTime() - movedNs < stalledNs)
          continue;
        answer.cancel(true);
        throw silence.apply(new IOException("it has taken nothing for " + TimeUnit.NANOSECONDS.toSeconds(stalledNs)
            + " s"));
      } catch (ExecutionException e) {
        throw silence.apply(e.getCause() instanceof IOException cut ? cut : new IOException(e.getCause()));
      }
  }

  private void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
    body.subscribe(new Flow.Subscriber<>() {
      @Override
      public void onSubscribe(Flow.Subscription subscription) {
        subscriber.onSubscribe(subscription);
      }

      @Override
      public void onNext(ByteBuffer part) {
        movedNs = System.nanoTime();
        subscriber.onNext(part);
      }

      @Override
      public void onError(Throwable failure) {
        subscriber.onError(failure);
      }

      @Override
      public void onComplete() {
        movedNs = System.nanoTime();
        subscriber.onComplete();
      }
    });
  }
}
