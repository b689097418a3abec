package org.halocline.runtime.config;

import java.util.Optional;

/**
 * How large and deep a HOCON or JSON text is, found without parsing it. The library's parser calls itself for each
 * level, and its time grows with the square of how many settings, pieces of text or merges there are, so all of these
 * are bounded first.
 */
final class HoconShape {
  static final int MOST_SUBSTITUTIONS = 256;
  private static final int MOST_DEPTH = 50;
  private static final int MOST_SETTINGS = 1000;
  private static final int MOST_PIECES = 1000;
  /** Of a list, each with its comma longer than a character: no more can be left once substitutions are filled in. */
  private static final int MOST_VALUES = 64 << 10;
  private static final int LONG_PIECE = 40;
  private static final int SHORTEST_TOKEN = 4;

  private final String text;
  private int at;
  private int line = 1;
  private int depth;
  private int dots;
  private int deepest;
  private int deepestLine;
  private int settings;
  private int substitutions;
  private int appended;
  private int pieces;
  private int values;
  private int includeLine;
  private boolean begins = true;
  private boolean follows;

  private HoconShape(String text) {
    this.text = text;
  }

  static HoconShape of(String text) {
    HoconShape shape = new HoconShape(text);
    while (shape.at < text.length())
      shape.step();
    return shape;
  }

  Optional<Problem> problem(String name) {
    if (deepest > MOST_DEPTH)
      return Optional.of(Problem.of(name + ":" + deepestLine, "is nested more than " + MOST_DEPTH + " levels deep",
          "flatten it"));
    return tooMany(name, settings, " settings and lists", MOST_SETTINGS, "move numbers into input files")
        .or(() -> tooMany(name, substitutions + appended, " substitutions", MOST_SUBSTITUTIONS,
            "write some of the values out"))
        .or(() -> tooMany(name, values, " values", MOST_VALUES, "move numbers into input files"))
        .or(() -> tooMany(name, pieces, " pieces of text beside each other", MOST_PIECES,
            "put texts in quotes, and commas between values"));
  }

  private static Optional<Problem> tooMany(String name, int count, String what, int most, String remedy) {
    return count > most
        ? Optional.of(new Problem(name, count + what, "are more than " + most, remedy))
        : Optional.empty();
  }

  /** Where the first word include stands that may begin one; 0 where none does. */
  int includeLine() {
    return includeLine;
  }

  /** How many += there are. */
  int appended() {
    return appended;
  }

  private void step() {
    char c = text.charAt(at);
    switch (c) {
      case '\n' -> {
        line++;
        separate();
        at++;
      }
      case '"' -> {
        piece();
        quoted();
      }
      case '#' -> comment();
      case '{', '[' -> {
        settings++;
        deeper(++depth);
        separate();
        at++;
      }
      case '}', ']' -> {
        depth = Math.max(0, depth - 1);
        separate();
        at++;
      }
      case '=', ':' -> {
        settings++;
        if (c == '=' && at > 0 && text.charAt(at - 1) == '+')
          appended++;
        separate();
        begins = false;
        at++;
      }
      case ',' -> {
        separate();
        at++;
      }
      case '$' -> substitution();
      default -> {
        if (Character.isWhitespace(c) || c == '\u00a0' || c == '\ufeff')
          at++;
        else if (text.startsWith("//", at))
          comment();
        else
          unquoted();
      }
    }
  }

  private void separate() {
    begins = true;
    values += follows ? 1 : 0;
    follows = false;
    dots = 0;
  }

  private void deeper(int levels) {
    if (levels > deepest) {
      deepest = levels;
      deepestLine = line;
    }
  }

  private void piece() {
    if (follows)
      pieces++;
    follows = true;
  }

  private void comment() {
    int end = text.indexOf('\n', at);
    at = end < 0 ? text.length() : end;
  }

  private void quoted() {
    begins = false;
    if (text.startsWith("\"\"\"", at)) {
      int end = text.indexOf("\"\"\"", at + 3);
      end = end < 0 ? text.length() : end + 3;
      while (end < text.length() && text.charAt(end) == '"')
        end++;
      for (; at < end; at++)
        if (text.charAt(at) == '\n')
          line++;
      return;
    }
    for (at++; at < text.length() && text.charAt(at) != '\n'; at++)
      if (text.charAt(at) == '\\')
        at++;
      else if (text.charAt(at) == '"') {
        at++;
        return;
      }
  }

  private void substitution() {
    piece();
    begins = false;
    if (!text.startsWith("{", at + 1)) {
      at++;
      return;
    }
    substitutions++;
    int end = at;
    while (end < text.length() && text.charAt(end) != '}' && text.charAt(end) != '\n')
      if (text.charAt(end++) == '.')
        deeper(depth + ++dots);
    dots = 0;
    at = end < text.length() && text.charAt(end) == '}' ? end + 1 : end;
  }

  private void unquoted() {
    int start = at;
    while (at < text.length() && !text.startsWith("//", at) && "\"#{}[]=:,$".indexOf(text.charAt(at)) < 0
        && !Character.isWhitespace(text.charAt(at)))
      if (text.charAt(at++) == '.')
        deeper(depth + ++dots);
    piece();
    int length = at - start;
    if (length > LONG_PIECE)
      pieces += length / SHORTEST_TOKEN;
    if (begins && includeLine == 0 && text.startsWith("include", start) && length == "include".length())
      includeLine = line;
    begins = false;
  }
}
