package org.halocline.ops.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Numbered events from a cluster, whatever becomes of the node that tells them: when it falls silent, another one is asked, on
 * from the last number. For one thread.
 */
public final class EventReader {
  private static final Duration GIVES_UP_AFTER = Duration.ofSeconds(90);
  private static final long PAUSE_MS = 500;

  private final Set<String> addresses = new LinkedHashSet<>();
  private final ApiClient first;
  private final String path;
  private Optional<Long> last = Optional.empty();

  /** @param path such as /jobs/ID/events */
  public EventReader(ApiClient client, String path) {
    this.first = client;
    this.path = path;
    addresses.add(client.address());
  }

  /**
   * Reads until the listener has enough.
   *
   * @param enough
   *          gets each event; true ends it
   * @throws ApiException
   *           when no node of the cluster has answered for a while, or the job is unknown
   */
  public void read(Predicate<JsonNode> enough) throws ApiException, InterruptedException {
    learn(first);
    long silentSince = System.nanoTime();
    while (true) {
      ApiException failure = null;
      for (String address : List.copyOf(addresses)) {
        Optional<Long> before = last;
        try (ApiClient client = first.at(address);
            InputStream body = client.stream(path, "text/event-stream", last)) {
          if (frames(body, enough))
            return;
        } catch (IOException _) {
          // cut off: the next node
        } catch (ApiException e) {
          if (e.exitCode() != ExitCode.NO_ANSWER)
            throw e;
          failure = e;
        }
        if (!before.equals(last))
          silentSince = System.nanoTime();
      }
      if (failure != null && System.nanoTime() - silentSince > GIVES_UP_AFTER.toNanos())
        throw failure;
      Thread.sleep(PAUSE_MS);
    }
  }

  /** Which other nodes could be asked. */
  private void learn(ApiClient client) throws InterruptedException {
    try {
      List<String> found = new ArrayList<>();
      client.get("/nodes?old=1").path("nodes").forEach(node -> found.add(node.path("http-address").asText()));
      // A node of another host may be called by a loopback address there, which is another's here.
      found.stream().filter(address -> address.startsWith("http"))
          .filter(address -> !isLoopback(address) || isLoopback(client.address())).forEach(addresses::add);
    } catch (ApiException _) {
      // the one address that is known must do
    }
  }

  private static boolean isLoopback(String address) {
    return address.matches("https?://(127\\.[0-9.]+|localhost|\\[::1\\])(:\\d+)?/?");
  }

  private boolean frames(InputStream body, Predicate<JsonNode> enough) throws IOException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    String kind = "";
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("event:"))
        kind = line.substring(6).strip();
      else if (line.startsWith("id:"))
        last = Optional.of(Long.parseLong(line.substring(3).strip()));
      else if (line.startsWith("data:") && kind.equals("job")
          && enough.test(ApiClient.JSON.readTree(line.substring(5).strip())))
        return true;
    }
    return false;
  }
}
