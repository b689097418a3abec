package org.halocline.ops.api;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.javadsl.StreamConverters;
import org.halocline.ops.http.Answers;
import org.halocline.ops.http.Call;
import org.halocline.ops.http.Endpoint;
import org.halocline.ops.http.Parameter;
import org.halocline.ops.http.Refusal;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.files.StorageException;
import org.halocline.runtime.state.BlobStore;

/** Inputs of jobs come in here, streamed to disk and verified. */
final class BlobEndpoints {
  private static final String BLOB = NodeApi.ROOT + "/blobs/{sha256}";
  private static final Parameter SHA256 = Parameter.path("sha256", "[0-9a-f]{64}");
  private static final long MOST_BYTES = 1L << 40;
  private static final int AT_ONCE = 8;
  private static final int STOPPED_COMING = 408;
  private static final int NO_SPACE = 507;
  private static final Duration STALLED = Duration.ofSeconds(60);

  private final BlobStore blobs;
  private final Proxy proxy;
  private final Semaphore free = new Semaphore(AT_ONCE);

  BlobEndpoints(BlobStore blobs, Proxy proxy) {
    this.blobs = blobs;
    this.proxy = proxy;
  }

  List<Endpoint> all() {
    return List.of(
        proxy.endpoint("HEAD", BLOB, Endpoint.Access.CHANGE, "Tells whether the cluster has this input.", this::head)
            .takes(SHA256).answersBare(200).answersBare(Refusal.NOT_FOUND),
        proxy.endpoint("PUT", BLOB, Endpoint.Access.CHANGE,
            "Sends an input. It is kept once, under its SHA-256, when the body has that SHA-256.", this::put)
            .takes(SHA256).reads(Endpoint.BYTES).answers(200, Blob.class).answers(201, Blob.class)
            .refuses(STOPPED_COMING, Refusal.BAD_INPUT, NO_SPACE));
  }

  private record Blob(String sha256, boolean known) {}

  private HttpResponse head(Call call) throws Refusal {
    String digest = digest(call);
    return HttpResponse.create().withStatus(blobs.has(digest) ? 200 : Refusal.NOT_FOUND);
  }

  private HttpResponse put(Call call) throws Refusal, IOException {
    String digest = digest(call);
    if (blobs.has(digest))
      return Answers.ok(new Blob(digest, true));
    if (!free.tryAcquire())
      throw new Refusal(Refusal.UNAVAILABLE,
          Problem.of("blobs", AT_ONCE + " are coming in already", "send it again in a moment"));
    try {
      Incoming body = new Incoming(
          call.body(MOST_BYTES).runWith(StreamConverters.asInputStream(STALLED), call.materializer()));
      try (body) {
        blobs.receive(digest, body, MOST_BYTES);
        return Answers.of(201, new Blob(digest, false));
      } catch (StorageException e) {
        throw body.failure.map(BlobEndpoints::unread).orElseGet(() -> new Refusal(status(e), e.problem()));
      }
    } finally {
      free.release();
    }
  }

  private static int status(StorageException e) {
    // What came is at fault where the disk had nothing to say.
    if (e.getCause() == null)
      return Refusal.BAD_INPUT;
    return StorageException.isDiskFull(e) ? NO_SPACE : Refusal.FAILED;
  }

  private static Refusal unread(IOException e) {
    return String.valueOf(e.getMessage()).startsWith("Timeout")
        ? new Refusal(STOPPED_COMING,
            Problem.of("body", "did not go on for " + STALLED.toSeconds() + " s", "send it again"))
        : Call.unread(e, MOST_BYTES);
  }

  /** Tells a broken body from a disk that refuses. For one thread. */
  private static final class Incoming extends FilterInputStream {
    private Optional<IOException> failure = Optional.empty();

    Incoming(InputStream body) {
      super(body);
    }

    @Override
    public int read(byte[] into, int at, int most) throws IOException {
      try {
        return super.read(into, at, most);
      } catch (IOException e) {
        failure = Optional.of(e);
        throw e;
      }
    }
  }

  private static String digest(Call call) throws Refusal {
    String digest = call.segment("sha256");
    if (!digest.matches(SHA256.pattern()))
      throw new Refusal(Refusal.BAD_REQUEST, new Problem("sha256", digest.replaceAll("[^\\p{Graph}]", "?"),
          "is not 64 hexadecimal digits in lower case", "name a blob by what sha256sum prints"));
    return digest;
  }
}
