package org.halocline.cosmology.npy;

import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses the Python dictionary of an .npy header: three keys, in any order, each once. */
final class HeaderText {
  private static final Pattern QUOTED = Pattern.compile("(?s)[ \n]*(['\"])(?<value>.*?)\\1");
  private static final Pattern STRUCTURE = Pattern.compile("[ \n]*[\\[(]");
  private static final Pattern TRUTH = Pattern.compile("[ \n]*(?<value>True|False)");
  private static final Pattern TUPLE = Pattern.compile("[ \n]*\\((?<value>[^()]*)\\)");
  /** With the L that Python 2 wrote behind it. */
  private static final Pattern EXTENT = Pattern.compile("[ \n]*(\\d+)L?[ \n]*");

  private final Path file;
  private final String text;
  private int at;

  HeaderText(Path file, String text) {
    this.file = file;
    this.text = text;
  }

  NpyHeader parse(long dataOffset) throws BadNpyException {
    Map<String, String> values = new HashMap<>();
    take("{");
    while (!accept("}")) {
      String key = take(QUOTED, "no quoted string where one is expected");
      take(":");
      String value = switch (key) {
        case "descr" -> type();
        case "fortran_order" -> take(TRUTH, "a fortran_order that is neither True nor False");
        case "shape" -> take(TUPLE, "a malformed shape, or a number for one");
        default -> throw bad("the unknown key '" + key + "'");
      };
      if (values.put(key, value) != null)
        throw bad("'" + key + "' twice");
      if (!accept(",")) {
        take("}");
        break;
      }
    }
    if (!text.substring(at).matches("[ \n]*"))
      throw bad("more text behind its dictionary");
    if (values.size() < 3)
      throw bad("not all of 'descr', 'fortran_order' and 'shape'");
    String descr = values.get("descr");
    return new NpyHeader(known(descr), descr.charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN,
        values.get("fortran_order").equals("True"), shape(values.get("shape")), dataOffset);
  }

  private String type() throws BadNpyException {
    if (matcher(STRUCTURE).lookingAt())
      throw new BadNpyException(file,
          "is of a structured type, expected " + NpyType.ALL + ": save one field, array['name']");
    String descr = take(QUOTED, "no quoted string where one is expected");
    known(descr);
    return descr;
  }

  private NpyType known(String descr) throws BadNpyException {
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

  /** @param tuple without its parentheses; a tuple of one number has a comma behind it */
  private int[] shape(String tuple) throws BadNpyException {
    List<String> parts = List.of(tuple.split(",", -1));
    if (parts.getLast().isBlank())
      parts = parts.subList(0, parts.size() - 1);
    else if (parts.size() == 1)
      throw bad("a number for a shape, expected a tuple");
    if (parts.size() > NpyHeader.MOST_DIMENSIONS)
      throw bad("a shape of more than " + NpyHeader.MOST_DIMENSIONS + " dimensions");
    int[] shape = new int[parts.size()];
    for (int i = 0; i < shape.length; i++) {
      Matcher extent = EXTENT.matcher(parts.get(i));
      if (!extent.matches())
        throw bad("a shape with something else than a whole number, 0 or more");
      BigInteger value = new BigInteger(extent.group(1));
      if (value.bitLength() >= Integer.SIZE)
        throw bad("an extent above " + Integer.MAX_VALUE);
      shape[i] = value.intValue();
    }
    return shape;
  }

  private Matcher matcher(Pattern pattern) {
    return pattern.matcher(text).region(at, text.length());
  }

  private String take(Pattern pattern, String otherwise) throws BadNpyException {
    Matcher matcher = matcher(pattern);
    if (!matcher.lookingAt())
      throw bad(otherwise);
    at = matcher.end();
    return matcher.group("value");
  }

  private void take(String sign) throws BadNpyException {
    if (!accept(sign))
      throw bad("no '" + sign + "' where one is expected");
  }

  private boolean accept(String sign) {
    Matcher matcher = matcher(Pattern.compile("[ \n]*" + Pattern.quote(sign)));
    boolean found = matcher.lookingAt();
    at = found ? matcher.end() : at;
    return found;
  }

  private BadNpyException bad(String problem) {
    return new BadNpyException(file,
        "header has " + problem + " (at character " + at + " of \"" + shortened(text.strip())
            + "\"), expected {'descr': '<f4', 'fortran_order': False, 'shape': (…), }");
  }

  /** Printable and not long. */
  private static String shortened(String s) {
    String part = s.length() > 120 ? s.substring(0, 120) + "…" : s;
    return part.replaceAll("\\p{Cntrl}", "?");
  }
}
