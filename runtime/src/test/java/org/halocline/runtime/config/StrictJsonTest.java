package org.halocline.runtime.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StrictJsonTest {
  private record Numbers(double mean, Float half, double[] all, List<Double> list) {}

  @Test
  void shouldWriteNullForWhatIsNoNumberWhereverItStands() {
    double none = Double.NaN;
    assertEquals("{\"mean\":null,\"half\":null,\"all\":[1.5,null,null],\"list\":[null,2.0]}", StrictJson.text(
        new Numbers(none, Float.POSITIVE_INFINITY, new double[]{1.5, none, Double.NEGATIVE_INFINITY},
            List.of(none, 2.0))));
    assertEquals("{\"a\":null,\"b\":[null,0.5],\"c\":\"NaN\"}", StrictJson.text(JsonNodeFactory.instance.objectNode()
        .put("a", none).<com.fasterxml.jackson.databind.node.ObjectNode>set("b",
            JsonNodeFactory.instance.arrayNode().add(Double.POSITIVE_INFINITY).add(0.5))
        .put("c", "NaN")));
    assertEquals("{\"a\":1,\"b\":null}", StrictJson.text(new TreeMap<>(Map.of("a", 1, "b", (Object) none))));
  }
}
