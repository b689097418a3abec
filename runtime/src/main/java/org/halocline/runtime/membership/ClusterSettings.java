package org.halocline.runtime.membership;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.halocline.runtime.config.FilePath;
import org.halocline.runtime.config.Problem;

/**
 * What makes a node one of a cluster that keeps its jobs on disk.
 *
 * @param name of the cluster; nodes of another name are not let in
 * @param state the state directory; the same files on every node that may coordinate
 * @param coordinates whether this node may become the coordinator
 * @param runs folders below which a job may name its run directory, beside the state directory's own
 */
public record ClusterSettings(String name, Path state, boolean coordinates, List<Path> runs) {
  public ClusterSettings {
    runs = List.copyOf(runs);
  }

  public static final String ROLE = "coordinator";
  private static final String NAME = "[a-z0-9][a-z0-9-]{0,62}";

  /** One that may coordinate. */
  public static ClusterSettings of(String name, Path state) {
    return new ClusterSettings(name, FilePath.absolute(state), true, List.of());
  }

  public static boolean isName(String text) {
    return text.matches(NAME);
  }

  public List<Problem> validate() {
    List<Problem> problems = new ArrayList<>();
    if (!isName(name))
      problems.add(new Problem("cluster", name, "must be 1 to 63 lower-case letters, digits and dashes",
          "choose such a name, like halocline"));
    return problems;
  }
}
