package org.halocline.runtime.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigResolver;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fills in the substitutions of a parsed text. Every substitution, an optional one too, must find something, and the
 * result must not be too large: 33 lines {@code x1 = ${x0}${x0}} would be 8 Gi times the first. Its size is bounded
 * beforehand: a value that holds substitutions has its own length and that of all values it refers to. A value that
 * refers to itself looks back to its former value; there each written substitution may double the value, and each +=
 * only adds to it.
 */
final class Substitutions {
  private static final long MOST_CHARACTERS = 128 << 10;
  private static final Pattern REFERENCE = Pattern
      .compile("\"(?:[^\"\\\\]|\\\\.)*+\"|\\$\\{\\??((?:\"(?:[^\"\\\\]|\\\\.)*+\"|[^\"}])*+)\\}");
  private static final Pattern PLAIN = Pattern.compile("-?\\d{1,40}(\\.\\d{1,40})?([eE][+-]?\\d{1,3})?|true|false");

  private final String name;
  private final ConfigObject root;
  private final Map<String, String> environment;
  private final int appended;
  private final List<Problem> problems = new ArrayList<>();
  private final Map<String, Target> targets = new HashMap<>();
  private final Set<String> open = new HashSet<>();
  private int cyclesMet;
  private int lookingBack;

  /** What a substitution refers to: how long it gets, and whether it refers to itself, directly or not. */
  private record Target(long size, boolean cyclic) {}

  private Substitutions(String name, ConfigObject root, Map<String, String> environment, int appended) {
    this.name = name;
    this.root = root;
    this.environment = environment;
    this.appended = appended;
  }

  /**
   * @param environment where names are looked for that the text does not have; empty where the text comes from outside
   * @param appended how many += there are, each of which is a substitution of a value by itself
   * @throws ConfigException where they cannot be filled in
   */
  static Checked<Config> fill(String name, Config parsed, Map<String, String> environment, int appended) {
    Substitutions all = new Substitutions(name, parsed.root(), environment, appended);
    long size = all.size("", parsed.root(), true);
    int doubled = Math.max(0, all.lookingBack - appended);
    if (size > MOST_CHARACTERS >> Math.min(doubled, 32))
      all.problems.add(Problem.of(name, "would be longer than " + MOST_CHARACTERS
          + " characters once its substitutions are filled in", "write values out, or move them into input files"));
    if (!all.problems.isEmpty())
      return Checked.invalid(all.problems);
    Missing missing = all.new Missing();
    Config resolved = parsed.resolve(ConfigResolveOptions.noSystem().appendResolver(missing));
    return missing.names.isEmpty()
        ? Checked.valid(resolved)
        : Checked.invalid(missing.names.stream().map(path -> all.missing(name, "${" + path + "}", "", path)).toList());
  }

  private long size(String path, ConfigValue value, boolean report) {
    try {
      long size = 2;
      switch (value) {
        case ConfigObject block -> {
          for (Map.Entry<String, ConfigValue> entry : block.entrySet())
            size += entry.getKey().length()
                + size(path.isEmpty() ? entry.getKey() : path + "." + entry.getKey(), entry.getValue(), report);
        }
        case ConfigList list -> {
          for (ConfigValue element : list)
            size += 1 + size(path, element, report);
        }
        default -> {
          value.valueType(); // fails for what is not filled in
          size += rendered(value).length();
        }
      }
      return size;
    } catch (ConfigException.NotResolved _) {
      return unfilled(path, value, report);
    }
  }

  private long unfilled(String path, ConfigValue value, boolean report) {
    String text = rendered(value);
    long size = text.length();
    Matcher references = REFERENCE.matcher(text);
    while (references.find() && size <= MOST_CHARACTERS) {
      String name = references.group(1);
      if (name == null)
        continue; // quoted text
      Optional<ConfigValue> found = find(name);
      if (found.isPresent()) {
        Target target = target(name, found.get());
        size += target.size;
        cyclesMet += target.cyclic ? 1 : 0;
        lookingBack += target.cyclic && report ? 1 : 0;
      } else if (variable(name).isPresent())
        size += variable(name).orElseThrow().length();
      else if (report)
        problems.add(missing(path, references.group(), " in line " + value.origin().lineNumber(), name));
    }
    return size;
  }

  private Target target(String path, ConfigValue value) {
    Target known = targets.get(path);
    if (known != null)
      return known;
    if (!open.add(path))
      return new Target(0, true);
    int before = cyclesMet;
    long size = size("", value, false);
    open.remove(path);
    Target target = new Target(size, cyclesMet > before);
    targets.put(path, target);
    return target;
  }

  /** The value that a path leads to, or the one that is not filled in yet and may have it. */
  private Optional<ConfigValue> find(String path) {
    ConfigValue value = root;
    for (String key : ConfigUtil.splitPath(path))
      try {
        if (!(value instanceof ConfigObject block))
          return value != null && isUnfilled(value) ? Optional.of(value) : Optional.empty();
        value = block.get(key);
      } catch (ConfigException.NotResolved _) {
        return Optional.of(value);
      }
    return Optional.ofNullable(value);
  }

  /** Whether the text itself sets what a path leads to; it may be what its own value looks back to. */
  private boolean stands(String path) {
    try {
      ConfigValue value = root;
      for (String key : ConfigUtil.splitPath(path))
        value = value instanceof ConfigObject block ? block.get(key) : null;
      return value != null;
    } catch (ConfigException.NotResolved _) {
      return false;
    }
  }

  private static boolean isUnfilled(ConfigValue value) {
    try {
      value.valueType();
      return false;
    } catch (ConfigException.NotResolved _) {
      return true;
    }
  }

  private Optional<String> variable(String path) {
    List<String> names = ConfigUtil.splitPath(path);
    return names.size() == 1 ? Optional.ofNullable(environment.get(names.getFirst())) : Optional.empty();
  }

  private Problem missing(String key, String reference, String line, String path) {
    String where = name + line + " has no setting " + path;
    return environment.isEmpty()
        ? new Problem(key, reference, "finds nothing: " + where + ", and no environment is read for it here",
            "send it with values filled in, as submit does")
        : new Problem(key, reference, "finds nothing: " + where + ", and the environment has no variable of that name",
            "export it, or write the value there; a job takes it by --set " + (key.equals(name) ? "KEY" : key)
                + "=VALUE");
  }

  private static String rendered(ConfigValue value) {
    return value.render(ConfigRenderOptions.concise());
  }

  /** What a text outside of a file stands for: a number, true or false, or itself. */
  static ConfigValue scalar(String text, String origin) {
    return PLAIN.matcher(text).matches()
        ? ConfigFactory.parseString("v = " + text).getValue("v").withOrigin(
            ConfigValueFactory.fromAnyRef("", origin).origin())
        : ConfigValueFactory.fromAnyRef(text, origin);
  }

  /** Asked for names that the text does not have. */
  private final class Missing implements ConfigResolver {
    private final Set<String> names = new TreeSet<>();

    @Override
    public ConfigValue lookup(String path) {
      Optional<String> found = variable(path);
      if (found.isEmpty() && !stands(path))
        names.add(path);
      return found.map(text -> scalar(text, "environment variable " + path)).orElse(null);
    }

    @Override
    public ConfigResolver withFallback(ConfigResolver fallback) {
      return this;
    }
  }
}
