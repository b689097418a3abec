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
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.halocline.ops.cli.ExitCode;
import org.halocline.runtime.config.Problem;

/**
 * Reads numbered events from a cluster, also after the node that tells them has died: when a node falls silent, another
 * one is asked, from the last number on. For one thread.
 */
public final class EventReader {
  private static final Duration GIVES_UP_AFTER = Duration.ofSeconds(90);
  private static final Duration FIRST_WORD_AFTER = Duration.ofSeconds(2);
  private static final Duration WORD_EVERY = Duration.ofSeconds(10);
  private static final Duration LEARNS_EVERY = Duration.ofSeconds(60);
  private static final long PAUSE_MS = 500;

  private final Set<String> addresses = new LinkedHashSet<>();
  private final ApiClient first;
  private final String path;
  private final Duration givesUpAfter;
  private Optional<Long> last = Optional.empty();
  private long silentSinceNs;
  private long nextWordNs;
  private long learntNs;
  private boolean told;

  /** @param path such as /jobs/ID/events */
  public EventReader(ApiClient client, String path) {
    this(client, path, GIVES_UP_AFTER);
  }

  EventReader(ApiClient client, String path, Duration givesUpAfter) {
    this.first = client;
    this.path = path;
    this.givesUpAfter = givesUpAfter;
    addresses.add(client.address());
  }

  /**
   * Reads until the listener has enough.
   *
   * @param enough gets each event; true ends it
   * @param silence gets a line while no node answers, every ten seconds, and one when a node answers again
   * @throws ApiException when no node of the cluster has answered for 90 s, or the job is unknown
   */
  public void read(Predicate<JsonNode> enough, Consumer<String> silence) throws ApiException, InterruptedException {
    learn(first);
    heard();
    while (true) {
      boolean answered = false;
      String why = "";
      for (String address : List.copyOf(addresses))
        try (ApiClient client = first.at(address);
            InputStream body = client.stream(path, "text/event-stream", last)) {
          if (told)
            silence.accept("a node answers again: " + address);
          told = false;
          answered = true;
          if (System.nanoTime() - learntNs > LEARNS_EVERY.toNanos())
            learn(client);
          if (frames(body, enough))
            return;
        } catch (IOException _) {
          // cut off: the next node
        } catch (ApiException e) {
          if (e.exitCode() != ExitCode.NO_ANSWER)
            throw e;
          Problem problem = e.problems().getFirst();
          why = (problem.value().isEmpty() ? problem.key() : problem.value()) + " " + problem.bound();
        }
      if (answered)
        heard();
      else
        silent(why, silence);
      Thread.sleep(PAUSE_MS);
    }
  }

  private void heard() {
    silentSinceNs = System.nanoTime();
    nextWordNs = silentSinceNs + FIRST_WORD_AFTER.toNanos();
  }

  private void silent(String why, Consumer<String> silence) throws ApiException {
    long now = System.nanoTime();
    long seconds = (now - silentSinceNs) / 1_000_000_000;
    if (now - silentSinceNs > givesUpAfter.toNanos())
      throw new ApiException(ExitCode.NO_ANSWER, new Problem("--address", String.join(", ", addresses),
          "has not answered for " + seconds + " s",
          "start a node: halocline node; its jobs go on from their checkpoints"));
    if (now - nextWordNs < 0)
      return;
    silence.accept("no node has answered for " + seconds + " s: " + why + "; asking until "
        + givesUpAfter.toSeconds() + " s have passed");
    told = true;
    nextWordNs = now + WORD_EVERY.toNanos();
  }

  /** Which other nodes could be asked. */
  private void learn(ApiClient client) throws InterruptedException {
    learntNs = System.nanoTime();
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
    for (String line = lines.readLine(); line != null; line = lines.readLine())
      if (line.startsWith("event:"))
        kind = line.substring(6).strip();
      else if (line.startsWith("id:"))
        last = Optional.of(Long.parseLong(line.substring(3).strip()));
      else if (line.startsWith("data:") && kind.equals("job")
          && enough.test(ApiClient.JSON.readTree(line.substring(5).strip())))
        return true;
    return false;
  }
}
