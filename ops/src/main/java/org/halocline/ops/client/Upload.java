package org.halocline.ops.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Sends a file of any length, and gives up when the other side has taken nothing, and said nothing, for a while. */
final class Upload {
  private final Path file;
  private final long stalledNs;
  private volatile long movedNs = System.nanoTime();

  Upload(Path file, long stalledSeconds) {
    this.file = file;
    this.stalledNs = TimeUnit.SECONDS.toNanos(stalledSeconds);
  }

  /** @param silence what becomes of a connection that fails */
  HttpResponse<byte[]> send(HttpClient http, HttpRequest.Builder request, Function<IOException, ApiException> silence)
      throws ApiException, IOException, InterruptedException {
    long size = Files.size(file);
    HttpRequest.BodyPublisher body = size == 0
        ? HttpRequest.BodyPublishers.noBody()
        : HttpRequest.BodyPublishers.fromPublisher(HttpRequest.BodyPublishers.ofInputStream(this::open), size);
    CompletableFuture<HttpResponse<byte[]>> answer = http.sendAsync(request.PUT(body).build(),
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

  /** A part is read when the other side has room for it. */
  private InputStream open() {
    try {
      return new FilterInputStream(Files.newInputStream(file)) {
        @Override
        public int read(byte[] into, int at, int most) throws IOException {
          movedNs = System.nanoTime();
          return super.read(into, at, most);
        }
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
