package org.halocline.runtime.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.JsonGeneratorDelegate;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/** JSON for programs of any make: a number that does not exist, NaN or infinite, is null. Thread-safe. */
public final class StrictJson {
  private static final ObjectMapper ONE_LINE = mapper();
  private static final ObjectMapper INDENTED = mapper().enable(SerializationFeature.INDENT_OUTPUT);

  private StrictJson() {}

  public static ObjectMapper mapper() {
    return builder().build();
  }

  /** On one line. */
  public static String text(Object value) {
    return text(ONE_LINE, value);
  }

  /** On many lines, for files that people read too. */
  public static String indented(Object value) {
    return text(INDENTED, value);
  }

  private static String text(ObjectMapper mapper, Object value) {
    try {
      return mapper.writeValueAsString(value);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("what JSON cannot hold: " + value.getClass(), impossible);
    }
  }

  public static JsonMapper.Builder builder() {
    return JsonMapper.builder(JsonFactory.builder().addDecorator((_, json) -> new NullForNone(json)).build());
  }

  private static final class NullForNone extends JsonGeneratorDelegate {
    NullForNone(JsonGenerator json) {
      super(json, false);
    }

    @Override
    public void writeNumber(double value) throws IOException {
      if (Double.isFinite(value))
        super.writeNumber(value);
      else
        writeNull();
    }

    @Override
    public void writeNumber(float value) throws IOException {
      if (Float.isFinite(value))
        super.writeNumber(value);
      else
        writeNull();
    }

    @Override
    public void writeArray(double[] values, int offset, int length) throws IOException {
      writeStartArray(values, length);
      for (int i = offset; i < offset + length; i++)
        writeNumber(values[i]);
      writeEndArray();
    }
  }
}
