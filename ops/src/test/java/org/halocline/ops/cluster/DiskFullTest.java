package org.halocline.ops.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.halocline.ops.Outcome;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node whose state directory lies on a disk of a few MiB that something else fills up, and empties again. */
@Tag("slow")
@Timeout(600)
class DiskFullTest {
  private static final int DRAWS = 300;

  @TempDir
  Path folder;

  @Test
  void shouldWaitWhileTheDiskIsFullAndGoOnWhenThereIsSpace() throws Exception {
    Path job = Inference.write(folder, DRAWS, 3, "");
    Path disk = Files.createDirectories(folder.resolve("disk"));
    try (LaunchedCluster cluster = new LaunchedCluster(folder, disk.resolve("state"))) {
      LaunchedNode node = cluster.launch(2, List.of("unshare", "--mount", "sh", "-c",
          "mount -t tmpfs -o size=12m small '" + disk + "' || exit 99; exec \"$@\"", "sh"));
      assumeTrue(node.mayMount(), () -> "this user may not mount a small disk: " + node.complaints());
      node.ready();
      Results alone = Inference.alone(job);
      Path seen = Path.of("/proc/" + node.pid() + "/root" + disk); // the disk is the node's alone
      cluster.tokensIn(seen.resolve("state"));
      String id = cluster.submitted(job);
      cluster.until(id, "draws", 100, now -> LaunchedCluster.draws(now) > 20);
      Path filling = seen.resolve("filling");
      fill(filling);
      JsonNode waits = cluster.until(id, "that it waits for space", 100,
          now -> now.path("why").asText().contains("space is left on its disk"));
      System.out.println("on a full disk it " + waits.path("why").asText());
      assertEquals("queued", waits.path("state").asText());
      Path run = seen.resolve("state/runs").resolve(id);
      assertFalse(Files.exists(run.resolve("summary.json")), "no result is there in part");
      assertTrue(wholeCheckpoints(run) > 0, "the checkpoint from which it goes on is whole");
      Files.delete(filling);
      cluster.untilFinished(id, 200);
      alone.assertSame(Results.of(run));
      Outcome watched = cluster.ask("watch", id);
      assertEquals(0, watched.exit(), watched::toString);
    }
  }

  /** To the last byte. */
  private static void fill(Path file) throws IOException {
    byte[] block = new byte[4096];
    try (OutputStream out = Files.newOutputStream(file)) {
      while (true)
        out.write(block);
    } catch (IOException full) {
      assertTrue(String.valueOf(full.getMessage()).contains("space"), full::toString);
    }
  }

  /** Commits whose parts are all there; fails on one whose parts are not. */
  private static int wholeCheckpoints(Path run) throws IOException {
    int whole = 0;
    try (Stream<Path> files = Files.walk(run.resolve("checkpoints"), 2)) {
      for (Path commit : files.filter(file -> file.toString().endsWith(".json")).toList()) {
        JsonNode parts = new com.fasterxml.jackson.databind.ObjectMapper().readTree(commit.toFile()).path("parts");
        Path folder = commit.resolveSibling(commit.getFileName().toString().replace(".json", ""));
        parts.fieldNames().forEachRemaining(part -> assertTrue(Files.exists(folder.resolve(part)), part));
        whole++;
      }
    }
    return whole;
  }
}
