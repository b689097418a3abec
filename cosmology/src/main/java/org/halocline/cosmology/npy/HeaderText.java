package org.halocline.cosmology.npy;

import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Parses the Python dictionary of an .npy header: three keys, in any order, each once. */
final class HeaderText {
  private final Path file;
  private final String text;
  private int at;

  HeaderText(Path file, String text) {
    this.file = file;
    this.text = text;
  }

  NpyHeader parse(long dataOffset) throws BadNpyException {
    Optional<String> descr = Optional.empty();
    Optional<Boolean> fortran = Optional.empty();
    Optional<int[]> shape = Optional.empty();
    expect('{');
    while (!accept('}')) {
      String key = quoted();
      expect(':');
      switch (key) {
        case "descr" -> descr = Optional.of(once(key, descr, type()));
        case "fortran_order" -> fortran = Optional.of(once(key, fortran, truth()));
        case "shape" -> shape = Optional.of(once(key, shape, tuple()));
        default -> throw bad("has the unknown key '" + key + "'");
      }
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    skipBlanks();
    if (at != text.length())
      throw bad("goes on after its dictionary");
    if (descr.isEmpty() || fortran.isEmpty() || shape.isEmpty())
      throw bad("lacks 'descr', 'fortran_order' or 'shape'");
    ByteOrder order = descr.get().charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    return new NpyHeader(type(descr.get()), order, fortran.get(), shape.get(), dataOffset);
  }

  private <T> T once(String key, Optional<T> before, T value) throws BadNpyException {
    if (before.isPresent())
      throw bad("has '" + key + "' twice");
    return value;
  }

  private NpyType type(String descr) throws BadNpyException {
    return NpyType.of(descr).orElseThrow(() -> new BadNpyException(file, "is of type '" + shortened(descr) + "'"
        + named(descr) + ", expected " + NpyType.ALL + ": save array.astype('<f4')"));
  }

  /** Numpy's name of a kind of type that no array of numbers here has. */
  private static String named(String descr) {
    return switch (descr.replaceFirst("^[<>|=]", "").replaceFirst("(?s)^(.).*", "$1")) {
      case "c" -> " (complex)";
      case "O" -> " (Python objects)";
      case "f" -> " (a float of another size)";
      case "S", "U" -> " (text)";
      case "M", "m" -> " (dates)";
      case "V" -> " (raw bytes)";
      default -> "";
    };
  }

  private String type() throws BadNpyException {
    skipBlanks();
    if (at < text.length() && (text.charAt(at) == '[' || text.charAt(at) == '('))
      throw new BadNpyException(file,
          "is of a structured type, expected " + NpyType.ALL + ": save one field, array['name']");
    String descr = quoted();
    type(descr);
    return descr;
  }

  private boolean truth() throws BadNpyException {
    skipBlanks();
    for (String word : new String[]{"True", "False"})
      if (text.startsWith(word, at)) {
        at += word.length();
        return word.equals("True");
      }
    throw bad("has a fortran_order that is neither True nor False");
  }

  private int[] tuple() throws BadNpyException {
    int[] extents = new int[NpyHeader.MOST_DIMENSIONS];
    int n = 0;
    expect('(');
    boolean comma = true;
    while (!accept(')')) {
      if (!comma || n == extents.length)
        throw bad("has a malformed shape or one of more than " + NpyHeader.MOST_DIMENSIONS + " dimensions");
      extents[n++] = extent();
      comma = accept(',');
    }
    if (n == 1 && !comma)
      throw bad("has a number for a shape, expected a tuple");
    return Arrays.copyOf(extents, n);
  }

  private int extent() throws BadNpyException {
    skipBlanks();
    int from = at;
    long value = 0;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      value = value * 10 + text.charAt(at++) - '0';
      if (value > Integer.MAX_VALUE)
        throw bad("has an extent above " + Integer.MAX_VALUE);
    }
    if (at == from)
      throw bad("has a shape with something else than a whole number, 0 or more");
    if (at < text.length() && text.charAt(at) == 'L') {
      at++; // as Python 2 wrote it
    }
    return (int) value;
  }

  private String quoted() throws BadNpyException {
    skipBlanks();
    char quote = at < text.length() ? text.charAt(at) : ' ';
    int end = quote == '\'' || quote == '"' ? text.indexOf(quote, at + 1) : -1;
    if (end < 0)
      throw bad("has no quoted string where one is expected");
    String inside = text.substring(at + 1, end);
    at = end + 1;
    return inside;
  }

  private void expect(char c) throws BadNpyException {
    if (!accept(c))
      throw bad("has no '" + c + "' where one is expected");
  }

  private boolean accept(char c) {
    skipBlanks();
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void skipBlanks() {
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\n'))
      at++;
  }

  private BadNpyException bad(String problem) {
    return new BadNpyException(file, "header " + problem + " (at character " + at + " of \"" + shortened(text.strip())
        + "\"), expected {'descr': '<f4', 'fortran_order': False, 'shape': (…), }");
  }

  /** Printable and not long. */
  private static String shortened(String s) {
    String part = s.length() > 120 ? s.substring(0, 120) + "…" : s;
    return part.replaceAll("\\p{Cntrl}", "?");
  }
}
