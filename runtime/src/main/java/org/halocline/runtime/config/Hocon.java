package org.halocline.runtime.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads untrusted HOCON or JSON. Includes are refused; size and depth are bounded before the text is parsed and before
 * its substitutions are filled in; substitutions see the environment only where a caller gives it. All such texts are
 * read here.
 */
public final class Hocon {
  /** How the origin of what {@code --set} gives begins. */
  static final String SET = "--set";
  private static final String HIDDEN = "HALOCLINE_TOKEN";
  private static final int MOST_CHARACTERS = 1 << 20;
  private static final int SHOWN = 200;

  private Hocon() {}

  /** A text that must stand by itself. */
  public static Checked<Config> read(String name, String text) {
    return read(name, text, Map.of(), List.of());
  }

  /**
   * A text of the user of this process.
   *
   * @param name for messages; .json asks for strict JSON
   * @param environment what substitutions find beside the text's own settings
   * @param settings each {@code key=value}, as if it stood below the text's last line
   */
  public static Checked<Config> read(String name, String text, Map<String, String> environment, List<String> settings) {
    Map<String, String> seen = new HashMap<>(environment);
    seen.remove(HIDDEN);
    List<Problem> problems = new ArrayList<>();
    Config set = ConfigFactory.empty();
    for (String setting : settings) {
      Checked<Config> one = setting(setting);
      problems.addAll(one.problems());
      set = one.toOptional().orElseGet(ConfigFactory::empty).withFallback(set);
    }
    if (text.length() > MOST_CHARACTERS)
      problems.add(new Problem(name, text.length() + " characters", "are more than " + MOST_CHARACTERS,
          "move lists into input files"));
    if (!problems.isEmpty())
      return Checked.invalid(problems);
    Config over = set;
    HoconShape shape = HoconShape.of(text);
    return parse(name, text, shape).then(config -> guarded(name, shape,
        () -> Substitutions.fill(name, over.withFallback(config), seen, shape.appended())));
  }

  private static Checked<Config> parse(String name, String text, HoconShape shape) {
    Optional<Problem> tooMuch = shape.problem(name);
    if (tooMuch.isPresent())
      return Checked.invalid(tooMuch.get());
    ConfigParseOptions options = ConfigParseOptions.defaults().setOriginDescription(name).setIncluder(new NoIncludes())
        .setSyntax(name.endsWith(".json") ? ConfigSyntax.JSON : ConfigSyntax.CONF);
    return guarded(name, shape, () -> Checked.valid(ConfigFactory.parseString(text, options)));
  }

  private interface Work {
    Checked<Config> done();
  }

  private static Checked<Config> guarded(String name, HoconShape shape, Work work) {
    try {
      return work.done();
    } catch (NoIncludes.Found e) {
      return Checked.invalid(Problem.of(shape.includeLine() > 0 ? name + ":" + shape.includeLine() : name,
          "has an include, which is not allowed", "write the settings here instead"));
    } catch (ConfigException e) {
      return Checked.invalid(Problem.of(where(name, e), what(e), "correct the syntax there"));
    } catch (StackOverflowError e) {
      return Checked.invalid(Problem.of(name, "is nested too deeply", "flatten it"));
    }
  }

  /**
   * {@code key=value}: HOCON where the value begins with a bracket or a quote, otherwise a number, true, false or text.
   */
  private static Checked<Config> setting(String text) {
    int equals = text.indexOf('=');
    String key = equals < 0 ? text.strip() : text.substring(0, equals).strip();
    String value = equals < 0 ? "" : text.substring(equals + 1).strip();
    if (equals < 0 || key.isEmpty())
      return Checked.invalid(new Problem(SET, text, "must be key=value", "write --set infer.seed=7"));
    String origin = SET + " " + text;
    HoconShape shape = HoconShape.of(key);
    try {
      if (shape.problem(SET).isEmpty()) {
        List<String> path = ConfigUtil.splitPath(key);
        if (value.matches("(?s)[\\[{\"].*"))
          return parse(SET, "v = " + value, HoconShape.of(value)).then(parsed -> parsed.root().size() == 1
              ? Checked.valid(at(path, parsed.getValue("v"), origin))
              : Checked.invalid(new Problem(SET, text, "must be one setting", "give each by a --set of its own")));
        return Checked.valid(at(path, Substitutions.scalar(value, origin), origin));
      }
    } catch (ConfigException e) {
      // no key
    }
    return Checked.invalid(new Problem(SET, key, "is not a key", "write --set infer.seed=7"));
  }

  private static Config at(List<String> path, ConfigValue value, String origin) {
    Object nested = value;
    for (String key : path.reversed())
      nested = ConfigValueFactory.fromMap(Map.of(key, nested), origin);
    return ((ConfigObject) nested).toConfig();
  }

  private static String where(String name, ConfigException e) {
    int line = e.origin() == null ? -1 : e.origin().lineNumber();
    return line > 0 ? name + ":" + line : name;
  }

  private static String what(ConfigException e) {
    String message = String.valueOf(e.getMessage());
    String line = message.replaceFirst("^[^:]*: \\d+: ", "").replaceFirst(" \\(if you (intended|want) .*", "").lines()
        .findFirst().orElse(message);
    return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…";
  }
}
