package org.halocline.runtime.job;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigSyntax;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.config.Settings;

/**
 * A job file, parsed but not yet understood. It stands by itself: includes are refused and substitutions see the file only,
 * not the environment, so the same text is the same job everywhere.
 *
 * @param name
 *          for messages and for the name of the run directory
 * @param directory
 *          what its paths are relative to
 * @param text
 *          as given
 * @param config
 *          parsed and resolved
 */
public record JobFile(String name, Path directory, String text, Config config) {
  private static final int MOST_BYTES = 128 << 10;

  /** Reads HOCON, or JSON where the name ends in .json. */
  public static Checked<JobFile> read(Path file) {
    String text;
    try {
      if (Files.isDirectory(file))
        return Checked.invalid(Problem.of(file.toString(), "is a directory", "name a job file"));
      if (Files.size(file) > MOST_BYTES)
        return Checked.invalid(new Problem(file.toString(), Files.size(file) + " bytes",
            "a job file has at most " + MOST_BYTES, "name a job file, not its data"));
      text = Files.readString(file);
    } catch (NoSuchFileException e) {
      return Checked.invalid(Problem.of(file.toString(), "does not exist",
          "check the name; it is relative to " + Path.of("").toAbsolutePath()));
    } catch (CharacterCodingException e) {
      return Checked.invalid(Problem.of(file.toString(), "is not UTF-8 text", "name a job file, not its data"));
    } catch (IOException e) {
      return Checked.invalid(
          Problem.of(file.toString(), "cannot be read: " + e.getMessage(), "check the file and its permissions"));
    }
    Path directory = file.toAbsolutePath().normalize().getParent();
    return parse(file.getFileName().toString(), directory, text);
  }

  /**
   * @param name
   *          of the file: .json asks for strict JSON
   */
  public static Checked<JobFile> parse(String name, Path directory, String text) {
    ConfigParseOptions options = ConfigParseOptions.defaults().setOriginDescription(name).setIncluder(new NoIncludes())
        .setSyntax(name.endsWith(".json") ? ConfigSyntax.JSON : ConfigSyntax.CONF);
    try {
      Config config = ConfigFactory.parseString(text, options).resolve(ConfigResolveOptions.noSystem());
      return Checked.valid(new JobFile(name, directory, text, config));
    } catch (ConfigException e) {
      return Checked.invalid(Problem.of(where(name, e), what(e), "correct the syntax there"));
    } catch (StackOverflowError e) {
      return Checked.invalid(Problem.of(name, "is nested too deeply", "flatten it"));
    }
  }

  /** The job of a message: its paths are absolute. */
  public static Checked<JobFile> of(JobSpec spec) {
    return parse(spec.id() + ".json", Path.of("").toAbsolutePath().getRoot(), spec.resolvedText());
  }

  /** A reader of all its settings that knows the key {@code kind} already. */
  public Settings settings() {
    Settings settings = Settings.of(config, directory);
    settings.text("kind");
    return settings;
  }

  /** The name without its ending. */
  public String stem() {
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  /** How a configuration travels: JSON, sorted keys, no comments. The same configuration gives the same text. */
  public static String canonical(Config config) {
    return config.root().render(ConfigRenderOptions.concise().setFormatted(true));
  }

  private static String where(String name, ConfigException e) {
    int line = e.origin() == null ? -1 : e.origin().lineNumber();
    return line > 0 ? name + ":" + line : name;
  }

  private static String what(ConfigException e) {
    String message = String.valueOf(e.getMessage());
    return message.replaceFirst("^[^:]*: \\d+: ", "").replaceFirst(" \\(if you (intended|want) .*", "").lines()
        .findFirst().orElse(message);
  }

  private static final class NoIncludes implements ConfigIncluder {
    @Override
    public ConfigIncluder withFallback(ConfigIncluder fallback) {
      return this;
    }

    @Override
    public ConfigObject include(ConfigIncludeContext context, String what) {
      throw new ConfigException.Generic("include of \"" + what + "\": a job file stands by itself");
    }
  }
}
