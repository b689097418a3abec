package org.halocline.sampler.job;

import java.nio.file.Path;
import java.util.OptionalLong;
import org.halocline.runtime.job.JobEvent;

/** Runs an inference from the command line of a developer: job text file, inputs, output, lanes. */
final class SurveyBench {
  private SurveyBench() {}

  public static void main(String[] arguments) throws Exception {
    String text = java.nio.file.Files.readString(Path.of(arguments[0]));
    long began = System.nanoTime();
    try (InferNode node = InferNode.start(Integer.parseInt(arguments[3]), OptionalLong.empty())) {
      JobEvent last = node.submit(text, Path.of(arguments[1]), Path.of(arguments[2]), false,
          event -> System.out.println((System.nanoTime() - began) / 1_000_000 + " ms " + event)).await();
      System.out.println(last instanceof JobEvent.Finished(String table, String summary) ? table + summary : last);
    }
  }
}
