package org.halocline.sampler.kernel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;

/** Doubles in JSON as their bits, in hexadecimal, with the number beside them for people: the bits are what is read. */
public final class ExactNumbers {
  private ExactNumbers() {}

  public static void write(ObjectNode node, String name, double... values) {
    ArrayNode array = node.putArray(name);
    for (double value : values)
      array.add(Long.toHexString(Double.doubleToRawLongBits(value)) + " " + value);
  }

  /** @throws IllegalArgumentException if the node has no such numbers */
  public static double[] read(JsonNode node, String name) {
    JsonNode array = node.required(name);
    double[] values = new double[array.size()];
    Arrays.setAll(values, i -> Double
        .longBitsToDouble(Long.parseUnsignedLong(array.get(i).asText().split(" ")[0], 16)));
    return values;
  }
}
