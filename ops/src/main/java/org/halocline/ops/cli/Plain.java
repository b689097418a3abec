package org.halocline.ops.cli;

import java.util.List;
import java.util.Locale;
import org.halocline.runtime.config.Problem;

/** Text from elsewhere as a terminal may print it. */
public final class Plain {
  private Plain() {}

  /**
   * With escapes, as JSON has them, for what could move the cursor, change colours, turn the direction of reading or
   * rename the window; line breaks and tabs stay. What was JSON means the same afterwards.
   */
  public static String text(String given) {
    StringBuilder plain = new StringBuilder(given.length());
    given.codePoints().forEach(c -> {
      if (harmless(c))
        plain.appendCodePoint(c);
      else
        for (char part : Character.toChars(c))
          plain.append(String.format(Locale.ROOT, "\\u%04x", (int) part));
    });
    return plain.toString();
  }

  private static boolean harmless(int c) {
    return c == '\n' || c == '\t' || !Character.isISOControl(c) && switch (Character.getType(c)) {
      case Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE -> false;
      default -> true;
    };
  }

  /** Prints problems to stderr, a line each. */
  public static void complain(List<Problem> problems) {
    problems.forEach(problem -> System.err.println("halocline: " + text(problem.toString())));
  }

  public static String line(String given) {
    return text(given).replace('\n', ' ').replace('\t', ' ');
  }
}
