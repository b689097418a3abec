package org.halocline.ops;

import java.util.concurrent.Callable;
import org.halocline.ops.plan.Jobs;
import org.halocline.runtime.node.HaloclineNode;
import org.halocline.runtime.node.NodeSettings;
import picocli.CommandLine.Command;

/** Loads the classes that every start loads; the launcher runs it once a build to write them into an archive. */
@Command(name = "warm-up", hidden = true)
final class WarmUpCommand implements Callable<Integer> {

  @Override
  public Integer call() {
    Main.commandLine().getUsageMessage();
    try (HaloclineNode node = HaloclineNode.start(NodeSettings.defaults(), Jobs.parts())) {
      System.out.println("a node was up at " + node.address());
    }
    return 0;
  }
}
