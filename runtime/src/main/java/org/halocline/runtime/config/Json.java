package org.halocline.runtime.config;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** The mappers of JSON that need no settings of their own, one for all. Thread-safe; never configured again. */
public final class Json {
  public static final JsonMapper MAPPER = JsonMapper.builder().build();
  /** Writes indented text, for files that people read too. */
  public static final JsonMapper INDENTED = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private Json() {}
}
