package org.halocline.ops.http;

import java.util.Optional;

/**
 * A value that a request may bring, beside or in its body. A call reads it within the bounds that the OpenAPI document
 * tells.
 *
 * @param in where the value stands: path, query, header or body
 * @param type of its schema: String, long, boolean, or a record
 * @param low the least number; {@link Long#MIN_VALUE} where there is no bound
 * @param high the greatest number; {@link Long#MAX_VALUE} where there is no bound
 * @param pattern that a text must match, as a whole; empty for any text
 * @param about what the value means; may be empty
 */
public record Parameter(String in, String name, Class<?> type, boolean required, long low, long high, String pattern,
    String about) {
  /** A whole number that may stand in the query. */
  public static Parameter query(String name, long low, long high, String about) {
    return new Parameter("query", name, long.class, false, low, high, "", about);
  }

  /** A text that may stand in the query. */
  public static Parameter query(String name, String about) {
    return new Parameter("query", name, String.class, false, Long.MIN_VALUE, Long.MAX_VALUE, "", about);
  }

  /** A whole number in a header. */
  public static Parameter header(String name, long low, long high, String about) {
    return new Parameter("header", name, long.class, false, low, high, "", about);
  }

  /** A segment of the path. */
  public static Parameter path(String name, String pattern) {
    return new Parameter("path", name, String.class, true, Long.MIN_VALUE, Long.MAX_VALUE, pattern, "");
  }

  /** A whole number that may stand in the body. */
  public static Parameter body(String name, long low, long high) {
    return new Parameter("body", name, long.class, false, low, high, "", "");
  }

  /** A value that may stand in the body. */
  public static Parameter body(String name, Class<?> type, String about) {
    return new Parameter("body", name, type, false, Long.MIN_VALUE, Long.MAX_VALUE, "", about);
  }

  public Parameter matching(String newPattern) {
    return new Parameter(in, name, type, required, low, high, newPattern, about);
  }

  /** The same, of which a body is nothing without it. */
  public Parameter always() {
    return new Parameter(in, name, type, true, low, high, pattern, about);
  }

  Optional<String> meaning() {
    return Optional.of(about).filter(text -> !text.isEmpty());
  }
}
