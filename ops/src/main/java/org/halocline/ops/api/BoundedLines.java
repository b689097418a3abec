package org.halocline.ops.api;

import java.io.IOException;
import java.io.Reader;
import java.util.Optional;

/** The lines of a text, none of which takes more than a bounded amount of memory. For one thread. */
final class BoundedLines implements AutoCloseable {
  /** A line was longer than it may be. */
  static final class TooLongException extends IOException {
    private static final long serialVersionUID = 1;

    TooLongException(String message) {
      super(message);
    }
  }

  private final Reader text;
  private final int most;
  private final char[] buffer = new char[8192];
  private int at;
  private int end;
  private long number;

  /**
   * @param most
   *          characters of a line
   */
  BoundedLines(Reader text, int most) {
    this.text = text;
    this.most = most;
  }

  /**
   * Without its line break; empty after the last.
   *
   * @throws TooLongException
   *           that names the line
   */
  Optional<String> next() throws IOException {
    StringBuilder line = new StringBuilder();
    boolean any = false;
    while (fill()) {
      any = true;
      int from = at;
      while (at < end && buffer[at] != '\n')
        at++;
      if (line.length() + at - from > most)
        throw new TooLongException("line " + (number + 1) + " has more than " + most + " characters");
      line.append(buffer, from, at - from);
      if (at < end) {
        at++;
        break;
      }
    }
    if (!any)
      return Optional.empty();
    number++;
    if (!line.isEmpty() && line.charAt(line.length() - 1) == '\r')
      line.setLength(line.length() - 1);
    return Optional.of(line.toString());
  }

  private boolean fill() throws IOException {
    if (at == end) {
      at = 0;
      end = Math.max(0, text.read(buffer));
    }
    return at < end;
  }

  @Override
  public void close() throws IOException {
    text.close();
  }
}
