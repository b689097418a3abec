package org.halocline.runtime.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Reads one block of settings and collects what is wrong with it. Nothing is thrown: a value that is missing or bad
 * adds a {@link Problem} and comes back empty (or as its default), so that reading goes on and one run finds every
 * problem. When all is read, {@link #finish} makes the settings record, or returns the problems. A key that was never
 * read is a problem too.
 *
 * <p>
 * All blocks of one file share their list of problems. What was read, defaults filled in and paths made absolute, is
 * offered as {@link #resolved}; reading that again gives the same values. Not thread-safe; made for one thread that
 * checks a file once.
 */
public final class Settings {
  private static final ConfigObject EMPTY = ConfigValueFactory.fromMap(Map.of());
  private static final int SHOWN = 80;
  private static final String VALUE = "value";
  private static final Pattern TOO_LONG = Pattern.compile("[+-]?\\d{19,400}");

  private final List<Problem> problems;
  private final Path directory;
  private final String prefix;
  private final ConfigObject object;
  private final boolean broken;
  private final Map<String, Settings> blocks = new TreeMap<>();
  private final Set<String> known = new TreeSet<>();
  private final Map<String, Object> values = new TreeMap<>();

  private Settings(List<Problem> problems, Path directory, String prefix, ConfigObject object, boolean broken) {
    this.problems = problems;
    this.directory = directory;
    this.prefix = prefix;
    this.object = object;
    this.broken = broken;
  }

  /**
   * The top block of a resolved configuration.
   *
   * @param directory what relative paths are relative to
   */
  public static Settings of(Config config, Path directory) {
    return new Settings(new ArrayList<>(), FilePath.absolute(directory), "", config.root(), false);
  }

  /** Whether the key is there at all. Does not count as asking for it. */
  public boolean has(String key) {
    return object.containsKey(key);
  }

  /** Whether a block stands at the key. Does not count as asking for it. */
  public boolean isBlock(String key) {
    return object.get(key) instanceof ConfigObject;
  }

  /** The keys that are there, sorted: for blocks whose keys are names that the user chose. */
  public List<String> keys() {
    return object.keySet().stream().sorted().toList();
  }

  public String fullKey(String key) {
    return prefix.isEmpty() ? key : prefix + "." + key;
  }

  /** A block within this one; where it is missing, one without keys, so that its required keys are reported. */
  public Settings block(String key) {
    return blocks.computeIfAbsent(key, k -> {
      known.add(k);
      ConfigValue value = object.get(k);
      if (value == null)
        return new Settings(problems, directory, fullKey(k), EMPTY, broken);
      if (value instanceof ConfigObject block)
        return new Settings(problems, directory, fullKey(k), block, false);
      problem(k, shown(value), "must be a block of settings", "write " + k + " { … }");
      return new Settings(problems, directory, fullKey(k), EMPTY, true);
    });
  }

  public Optional<Settings> optionalBlock(String key) {
    known.add(key);
    return has(key) ? Optional.of(block(key)) : Optional.empty();
  }

  public Optional<Double> number(String key, Range range) {
    return find(key).flatMap(value -> keep(key, asNumber(key, value, range)));
  }

  public Optional<Double> requiredNumber(String key, Range range) {
    return require(key, "a number that " + range.bound()) ? number(key, range) : Optional.empty();
  }

  public double number(String key, double fallback, Range range) {
    return orDefault(key, number(key, range), fallback);
  }

  public Optional<Integer> integer(String key, int low, int high) {
    return find(key).flatMap(value -> keep(key, asInteger(key, value, low, high).map(Long::intValue)));
  }

  public Optional<Integer> requiredInteger(String key, int low, int high) {
    return require(key, "a whole number from " + low + " to " + high) ? integer(key, low, high) : Optional.empty();
  }

  public int integer(String key, int fallback, int low, int high) {
    return orDefault(key, integer(key, low, high), fallback);
  }

  /** For seeds and sizes beyond 32 bits. */
  public Optional<Long> longInteger(String key, long low, long high) {
    return find(key).flatMap(value -> keep(key, asInteger(key, value, low, high)));
  }

  public long longInteger(String key, long fallback, long low, long high) {
    return orDefault(key, longInteger(key, low, high), fallback);
  }

  public Optional<Boolean> flag(String key) {
    return find(key).flatMap(value -> {
      if (value.valueType() == ConfigValueType.BOOLEAN)
        return keep(key, Optional.of((Boolean) value.unwrapped()));
      problem(key, shown(value), "must be true or false", "write " + key + " = true or " + key + " = false");
      return Optional.empty();
    });
  }

  public boolean flag(String key, boolean fallback) {
    return orDefault(key, flag(key), fallback);
  }

  public Optional<String> text(String key) {
    return find(key).flatMap(value -> keep(key, asText(key, value)));
  }

  public String text(String key, String fallback) {
    return orDefault(key, text(key), fallback);
  }

  /** A constant of an enum, written in lower case with dashes: LOG_A is log-a. */
  public <E extends Enum<E>> Optional<E> choice(String key, Class<E> type) {
    Optional<E> found = find(key).flatMap(value -> asChoice(key, value, type));
    found.ifPresent(constant -> values.put(key, dashed(constant)));
    return found;
  }

  public <E extends Enum<E>> E choice(String key, Class<E> type, E fallback) {
    Optional<E> found = choice(key, type);
    if (found.isEmpty())
      values.put(key, dashed(fallback));
    return found.orElse(fallback);
  }

  public String choice(String key, List<String> names, String fallback) {
    String found = find(key).flatMap(value -> asChoice(key, value, names)).orElse(fallback);
    values.put(key, found);
    return found;
  }

  /** How {@link #choice} writes a constant. */
  public static String dashed(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public Optional<List<Double>> numbers(String key, int least, int most, Range range) {
    return list(key, least, most, (name, value) -> asNumber(name, value, range));
  }

  public Optional<List<Double>> requiredNumbers(String key, int least, int most, Range range) {
    return require(key, "a list of " + count(least, most) + " numbers")
        ? numbers(key, least, most, range)
        : Optional.empty();
  }

  /** One number that stands for all, or a list of {@code count}; resolved as the list. */
  public Optional<List<Double>> numberOrNumbers(String key, int count, Range range) {
    ConfigValue value = object.get(key);
    if (value == null || value.valueType() != ConfigValueType.NUMBER)
      return numbers(key, count, count, range);
    Optional<List<Double>> same = number(key, range).map(number -> Collections.nCopies(count, number));
    same.ifPresent(list -> values.put(key, list));
    return same;
  }

  public Optional<List<Integer>> integers(String key, int least, int most, int low, int high) {
    return list(key, least, most, (name, value) -> asInteger(name, value, low, high).map(Long::intValue));
  }

  public Optional<List<Integer>> requiredIntegers(String key, int least, int most, int low, int high) {
    return require(key, "a list of " + count(least, most) + " whole numbers")
        ? integers(key, least, most, low, high)
        : Optional.empty();
  }

  public Optional<List<String>> texts(String key, int least, int most) {
    return list(key, least, most, this::asText);
  }

  /** A path, relative to the job file, as an absolute one. It need not exist. */
  public Optional<Path> path(String key) {
    Optional<Path> found = find(key).flatMap(value -> asText(key, value)).flatMap(text -> {
      try {
        if (!text.isBlank())
          return Optional.of(FilePath.absolute(directory.resolve(text)));
      } catch (InvalidPathException e) {
        // reported below
      }
      problem(key, quoted(text), "is not a path", "name a file, relative to the job file");
      return Optional.empty();
    });
    found.ifPresent(path -> values.put(key, path.toString()));
    return found;
  }

  /** A list of paths, each as {@link #path}. */
  public List<Path> paths(String key, int most) {
    List<Path> paths = new ArrayList<>();
    for (String text : texts(key, 0, most).orElse(List.of()))
      try {
        paths.add(FilePath.absolute(directory.resolve(text)));
      } catch (InvalidPathException e) {
        problem(key, quoted(text), "is not a path", "name a folder");
      }
    return paths;
  }

  /** A path that must lead to a file that can be read. */
  public Optional<Path> inputFile(String key) {
    return path(key).filter(file -> {
      if (Files.isRegularFile(file) && Files.isReadable(file))
        return true;
      boolean there = Files.exists(file);
      problem(key, quoted(file.toString()), there ? "is not a file that can be read" : "does not exist",
          there ? "name a file and make it readable" : "paths are relative to " + directory + "; check the name");
      return false;
    });
  }

  public Optional<Path> requiredInputFile(String key) {
    return require(key, "a file") ? inputFile(key) : Optional.empty();
  }

  /** Adds a problem that only the caller can see; the key is one of this block. */
  public void problem(String key, String value, String bound, String remedy) {
    ConfigValue given = object.get(key);
    String place = given != null && given.origin().description().startsWith(Hocon.SET) ? Hocon.SET + " " : "";
    problems.add(new Problem(place + fullKey(key), value, bound, remedy));
  }

  /** Adds a problem with the value as it stands in the file. */
  public void refuse(String key, String bound, String remedy) {
    problem(key, has(key) ? shown(object.get(key)) : "", bound, remedy);
  }

  public void problem(Problem problem) {
    problems.add(problem);
  }

  /** What has been found so far, in all blocks. */
  public List<Problem> problems() {
    return List.copyOf(problems);
  }

  /**
   * Fixes a value that was computed from others, so that {@link #resolved} has it and a later check reads it instead.
   *
   * @param value a number, boolean, text, or a list of those
   */
  public void derive(String key, Object value) {
    known.add(key);
    values.put(key, value);
  }

  /**
   * As {@link #derive} for a number that a job may not choose: another that stands there is a problem.
   *
   * @param from what it follows from, as a phrase: "follows from …"
   */
  public void follow(String key, double value, String from) {
    if (has(key) && !(object.get(key).unwrapped() instanceof Number there && there.doubleValue() == value))
      refuse(key, "must be " + value + ": it " + from, "remove it");
    derive(key, value);
  }

  /** Accepts a key without reading it. */
  public void ignore(String key) {
    known.add(key);
    if (has(key))
      values.put(key, object.get(key).unwrapped());
  }

  /** Everything that was read, with defaults and derived values. */
  public Config resolved() {
    return ConfigValueFactory.fromMap(tree()).toConfig();
  }

  private Map<String, Object> tree() {
    Map<String, Object> tree = new TreeMap<>(values);
    blocks.forEach((key, block) -> {
      Map<String, Object> inner = block.tree();
      if (!inner.isEmpty() || has(key))
        tree.put(key, inner);
    });
    return tree;
  }

  /**
   * Ends the reading of the whole file: keys that were never read become problems.
   *
   * @param make called only when there is no problem at all
   */
  public <T> Checked<T> finish(Supplier<T> make) {
    reportUnknown();
    return problems.isEmpty() ? Checked.valid(make.get()) : Checked.invalid(problems);
  }

  private void reportUnknown() {
    for (String key : keys()) {
      if (known.contains(key))
        continue;
      String remedy = Suggestion.among(known, key).map(near -> "did you mean " + fullKey(near) + "?")
          .orElse(known.isEmpty() ? "remove it" : "remove it; known here: " + String.join(", ", known));
      problem(key, shown(object.get(key)), "is not a known key", remedy);
    }
    blocks.values().forEach(Settings::reportUnknown);
  }

  private boolean require(String key, String what) {
    if (has(key))
      return true;
    known.add(key);
    if (!broken)
      problem(key, "", "is missing", "give " + what);
    return false;
  }

  private Optional<ConfigValue> find(String key) {
    known.add(key);
    ConfigValue value = object.get(key);
    if (value != null && value.valueType() == ConfigValueType.NULL) {
      problem(key, "null", "must have a value", "give one, or remove the key");
      return Optional.empty();
    }
    return Optional.ofNullable(value);
  }

  private <T> Optional<T> keep(String key, Optional<T> value) {
    value.ifPresent(kept -> values.put(key, kept));
    return value;
  }

  private <T> T orDefault(String key, Optional<T> value, T fallback) {
    if (value.isEmpty())
      values.put(key, fallback);
    return value.orElse(fallback);
  }

  private interface Reader<T> {
    Optional<T> read(String key, ConfigValue value);
  }

  private <T> Optional<List<T>> list(String key, int least, int most, Reader<T> reader) {
    Optional<ConfigValue> found = find(key);
    if (found.isEmpty())
      return Optional.empty();
    if (!(found.get() instanceof ConfigList list) || list.size() < least || list.size() > most) {
      problem(key, shown(found.get()), "must be a list of " + count(least, most), "write " + key + " = [ … ]");
      return Optional.empty();
    }
    List<T> read = new ArrayList<>();
    for (int i = 0; i < list.size(); i++)
      reader.read(key + "[" + i + "]", list.get(i)).ifPresent(read::add);
    return read.size() == list.size() ? keep(key, Optional.of(List.copyOf(read))) : Optional.empty();
  }

  private Optional<Double> asNumber(String key, ConfigValue value, Range range) {
    if (value.valueType() != ConfigValueType.NUMBER && !isDigits(value))
      return wrongType(key, value, "must be a number", "write digits, without quotes or a unit");
    double number = value.unwrapped() instanceof Number given
        ? given.doubleValue()
        : Double.parseDouble(value.unwrapped().toString());
    if (range.contains(number))
      return Optional.of(number == 0 ? 0.0 : number); // a zero has no sign
    problem(key, shown(value), range.bound() + (Double.isInfinite(number) ? " and a finite number" : ""),
        "choose a value within the bound");
    return Optional.empty();
  }

  private Optional<Long> asInteger(String key, ConfigValue value, long low, long high) {
    if (value.valueType() != ConfigValueType.NUMBER && !isDigits(value))
      return wrongType(key, value, "must be a whole number", "write digits, without quotes or a unit");
    OptionalLong whole = whole(value);
    if (whole.isPresent() && whole.getAsLong() >= low && whole.getAsLong() <= high)
      return Optional.of(whole.getAsLong());
    problem(key, shown(value), "must be a whole number from " + low + " to " + high, "choose a value within the bound");
    return Optional.empty();
  }

  /** Whether it is a number that the library takes for text, since a long does not hold it. */
  private static boolean isDigits(ConfigValue value) {
    return value.valueType() == ConfigValueType.STRING && TOO_LONG.matcher((String) value.unwrapped()).matches();
  }

  /**
   * Exactly what is written, such as 1e18 but not 1e-999 (which the library takes for 0), where that is a whole number
   * that a long holds.
   */
  private static OptionalLong whole(ConfigValue value) {
    try {
      return OptionalLong.of(new BigDecimal(value.atKey(VALUE).getString(VALUE)).longValueExact());
    } catch (ArithmeticException | NumberFormatException _) {
      return OptionalLong.empty();
    }
  }

  private Optional<String> asText(String key, ConfigValue value) {
    if (value.valueType() == ConfigValueType.STRING)
      return Optional.of((String) value.unwrapped());
    return wrongType(key, value, "must be text", "put it in quotes");
  }

  private <E extends Enum<E>> Optional<E> asChoice(String key, ConfigValue value, Class<E> type) {
    return asChoice(key, value, Arrays.stream(type.getEnumConstants()).map(Settings::dashed).toList())
        .flatMap(name -> Arrays.stream(type.getEnumConstants()).filter(constant -> dashed(constant).equals(name))
            .findFirst());
  }

  private Optional<String> asChoice(String key, ConfigValue value, List<String> names) {
    String text = value.valueType() == ConfigValueType.STRING ? (String) value.unwrapped() : "";
    if (names.contains(text))
      return Optional.of(text);
    problem(key, shown(value), "must be one of " + String.join(", ", names),
        Suggestion.among(names, text).map(near -> "did you mean " + near + "?").orElse("choose one of them"));
    return Optional.empty();
  }

  private <T> Optional<T> wrongType(String key, ConfigValue value, String bound, String remedy) {
    problem(key, shown(value), bound + ", but is " + typeOf(value), remedy);
    return Optional.empty();
  }

  private static String typeOf(ConfigValue value) {
    return switch (value.valueType()) {
      case OBJECT -> "a block";
      case LIST -> "a list";
      case NUMBER -> "a number";
      case BOOLEAN -> "true or false";
      case NULL -> "null";
      case STRING -> "text";
    };
  }

  private static String count(int least, int most) {
    return least == most
        ? Integer.toString(least)
        : most == Integer.MAX_VALUE ? "at least " + least : least + " to " + most;
  }

  private static String quoted(String text) {
    return "\"" + text + "\"";
  }

  private static String shown(ConfigValue value) {
    String text;
    try {
      text = value.render(ConfigRenderOptions.concise());
    } catch (ConfigException e) {
      text = "a value that cannot be shown";
    }
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }
}
