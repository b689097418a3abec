package org.halocline.ops.timing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.OptionalInt;
import org.halocline.ops.machine.Machine;
import org.halocline.runtime.cluster.JobOrder;
import org.halocline.runtime.config.Json;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.job.JobFile;
import org.halocline.runtime.node.HaloclineNode;
import org.halocline.runtime.node.NodeParts;
import org.halocline.runtime.node.NodeSettings;

/**
 * Runs whole jobs on a node of its own, in a folder that is removed at the end, and reads what they say of themselves.
 */
public final class JobRunner implements AutoCloseable {

  private final NodeParts parts;
  private final HaloclineNode node;
  private final Path folder;
  private int runs;

  private JobRunner(NodeParts parts, HaloclineNode node, Path folder) {
    this.parts = parts;
    this.node = node;
    this.folder = folder;
  }

  public static JobRunner start(NodeParts parts, int lanes) throws IOException {
    Path folder = Files.createTempDirectory("halocline-bench-");
    NodeSettings settings = NodeSettings.defaults().withLanes(lanes,
        Machine.ofThisJvm(OptionalInt.of(lanes)).laneBytes());
    return new JobRunner(parts, HaloclineNode.start(settings, parts), folder);
  }

  /** Where a job's inputs may go. */
  Path folder() {
    return folder;
  }

  /**
   * Runs a job to its end.
   *
   * @return its summary
   * @throws BenchFailedException when it does not finish
   */
  JsonNode run(String text) throws InterruptedException {
    JobFile file = JobFile.parse("bench-" + runs + ".conf", folder, text).orThrow();
    Path output = folder.resolve("run-" + runs++);
    JobOrder order = JobOrder.of(parts.kinds().check(file).orThrow().spec().orThrow(), file).in(output, false);
    JobEvent last = node.client().run(order, _ -> {}).toCompletableFuture().join();
    if (!(last instanceof JobEvent.Finished(String _, String summary)))
      throw new BenchFailedException("a job of the benchmark did not finish: " + last);
    try {
      remove(output);
      return Json.MAPPER.readTree(summary);
    } catch (JsonProcessingException notJson) {
      throw new BenchFailedException("a job's summary is not JSON: " + notJson.getMessage());
    } catch (IOException kept) {
      throw new BenchFailedException("a job's results cannot be removed from " + output + ": " + kept.getMessage());
    }
  }

  @Override
  public void close() throws IOException {
    node.close();
    remove(folder);
  }

  private static void remove(Path tree) throws IOException {
    Files.walkFileTree(tree, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        Files.delete(file);
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult postVisitDirectory(Path directory, IOException failed) throws IOException {
        Files.delete(directory);
        return FileVisitResult.CONTINUE;
      }
    });
  }
}
