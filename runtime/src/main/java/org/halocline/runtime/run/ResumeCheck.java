package org.halocline.runtime.run;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.halocline.runtime.config.BadInputException;
import org.halocline.runtime.config.Hocon;
import org.halocline.runtime.config.Problem;

/**
 * Whether a job is the one that a run began with: every setting equal but the free ones and those that have grown as
 * they may, every input byte the same. A file may have moved: paths count as equal when their contents are.
 */
final class ResumeCheck {
  private final RunRequest request;
  private final Map<String, String> formerInputs;
  private final List<Problem> problems = new ArrayList<>();
  private boolean grown;

  private ResumeCheck(RunRequest request, Map<String, String> formerInputs) {
    this.request = request;
    this.formerInputs = formerInputs;
  }

  /**
   * @param problems what differs and may not
   * @param grown whether the run is to do more than it was asked for before
   */
  record Found(List<Problem> problems, boolean grown) {}

  static Found differences(RunRequest request, RunManifest former, String formerResolved) {
    ResumeCheck check = new ResumeCheck(request, former.inputs());
    if (!request.arithmetic().isEmpty() && !former.arithmetic().equals(request.arithmetic()))
      check.problems.add(new Problem("arithmetic", request.arithmetic(),
          "the run began with " + former.arithmetic() + ", whose bits differ",
          "resume on lanes of the same kind with the same libraries"));
    try {
      check.compare("", parse(formerResolved).root(), parse(request.resolvedText()).root());
    } catch (BadInputException e) {
      check.problems.add(Problem.of(request.path().resolve(RunDirectory.RESOLVED).toString(),
          "is not the settings of a run", "start anew in another --output"));
    }
    return new Found(check.problems, check.grown);
  }

  private static Config parse(String text) {
    return Hocon.read(RunDirectory.RESOLVED, text).orThrow();
  }

  private void compare(String prefix, ConfigObject before, ConfigObject now) {
    TreeSet<String> keys = new TreeSet<>(before.keySet());
    keys.addAll(now.keySet());
    for (String key : keys) {
      if (prefix.isEmpty() && request.freeKeys().contains(key))
        continue;
      compare(prefix.isEmpty() ? key : prefix + "." + key, before.get(key), now.get(key));
    }
  }

  private void compare(String key, ConfigValue before, ConfigValue now) {
    if (before instanceof ConfigObject a && now instanceof ConfigObject b) {
      compare(key, a, b);
      return;
    }
    if (same(before, now))
      return;
    if (request.growingKeys().contains(key) && before != null && now != null
        && before.unwrapped() instanceof Number a && now.unwrapped() instanceof Number b && grows(key, a, b))
      return;
    problems.add(new Problem(key, shown(now, request.inputs()),
        "the run in " + request.path() + " began with " + shown(before, formerInputs),
        "resume with the same job, or start anew in another --output"));
  }

  /** Whether a growing key has grown, or has been told why it may not be smaller. */
  private boolean grows(String key, Number before, Number now) {
    if (now.longValue() > before.longValue())
      grown = true;
    else
      problems.add(new Problem(key, now.toString(), "the run in " + request.path() + " was asked for " + before
          + " before, and what it has made stays",
          "set it to " + before + " or more, or start anew in another --output"));
    return true;
  }

  private boolean same(ConfigValue before, ConfigValue now) {
    if (before == null || now == null)
      return before == now;
    if (before instanceof ConfigList a && now instanceof ConfigList b) {
      boolean same = a.size() == b.size();
      for (int i = 0; same && i < a.size(); i++)
        same = same(a.get(i), b.get(i));
      return same;
    }
    if (before.valueType() == ConfigValueType.STRING && now.valueType() == ConfigValueType.STRING) {
      String digestBefore = formerInputs.get(before.unwrapped());
      String digestNow = request.inputs().get(now.unwrapped());
      if (digestBefore != null && digestNow != null)
        return digestBefore.equals(digestNow);
    }
    return before.unwrapped().equals(now.unwrapped());
  }

  /** A value, with the digest of each file that it names. */
  private static String shown(ConfigValue value, Map<String, String> inputs) {
    if (value == null)
      return "(nothing)";
    if (value instanceof ConfigList list)
      return list.stream().map(element -> shown(element, inputs)).collect(Collectors.joining(",", "[", "]"));
    String text = value.render(ConfigRenderOptions.concise());
    String digest = value.valueType() == ConfigValueType.STRING ? inputs.get(value.unwrapped()) : null;
    return digest == null ? text : text + " (sha256 " + digest.substring(0, Math.min(8, digest.length())) + "…)";
  }
}
