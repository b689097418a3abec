package org.halocline.runtime.job;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigRenderOptions;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.halocline.runtime.config.BoundedFile;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.FilePath;
import org.halocline.runtime.config.Hocon;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.config.Settings;

/**
 * A job file, parsed but not yet understood. It stands by itself: includes are refused, and substitutions see the file
 * only, so the same text is the same job everywhere. Only where its user runs or submits it they see the environment
 * too, and settings given beside it go before its own; what is sent on is the outcome.
 *
 * @param name for messages and for the name of the run directory
 * @param directory what its paths are relative to
 * @param text as given
 * @param config parsed and resolved
 */
public record JobFile(String name, Path directory, String text, Config config) {
  private static final int MOST_BYTES = 128 << 10;

  /** Reads a file that takes nothing from the environment. */
  public static Checked<JobFile> read(Path file) {
    return read(file, Map.of(), List.of());
  }

  /**
   * Reads what the user of this process wrote: HOCON, or JSON where the name ends in .json.
   *
   * @param environment what substitutions find beside the file's settings
   * @param settings each {@code key=value}, as if it stood below the file's last line
   */
  public static Checked<JobFile> read(Path file, Map<String, String> environment, List<String> settings) {
    String text;
    try {
      if (Files.isDirectory(file))
        return Checked.invalid(Problem.of(file.toString(), "is a directory", "name a job file"));
      Optional<String> whole = BoundedFile.text(file, MOST_BYTES);
      if (whole.isEmpty())
        return Checked.invalid(Problem.of(file.toString(), "a job file has at most " + MOST_BYTES + " bytes",
            "name a job file, not its data"));
      text = whole.get();
    } catch (NoSuchFileException e) {
      return Checked.invalid(Problem.of(file.toString(), "does not exist",
          "check the name; it is relative to " + Path.of("").toAbsolutePath()));
    } catch (CharacterCodingException e) {
      return Checked.invalid(Problem.of(file.toString(), "is not UTF-8 text", "name a job file, not its data"));
    } catch (IOException e) {
      return Checked.invalid(
          Problem.of(file.toString(), "cannot be read: " + e.getMessage(), "check the file and its permissions"));
    }
    Path directory = FilePath.absolute(file).getParent();
    String name = file.getFileName().toString();
    return Hocon.read(name, text, environment, settings).map(config -> new JobFile(name, directory, text, config));
  }

  /** @param name of the file: .json asks for strict JSON */
  public static Checked<JobFile> parse(String name, Path directory, String text) {
    return Hocon.read(name, text).map(config -> new JobFile(name, directory, text, config));
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

  public String stem() {
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  /** How a configuration travels: JSON, sorted keys, no comments. The same configuration gives the same text. */
  public static String canonical(Config config) {
    return config.root().render(ConfigRenderOptions.concise().setFormatted(true));
  }
}
