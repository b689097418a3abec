package org.halocline.sampler.chain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Arrays;
import org.halocline.sampler.adapt.Adaptation;
import org.halocline.sampler.adapt.DualAveraging;

/**
 * What a chain's actor writes into a checkpoint, beside what the ranks write. As JSON in which every double is also its bits, in
 * hexadecimal: those are what is read.
 *
 * @param next the draw that comes next, warm-up included
 * @param unconstrained the scalars on the real line
 * @param counted draws in the moments
 * @param rowBytes length of the draw file after its header
 * @param divergences after the warm-up
 * @param warmUpDivergences before that
 * @param lastDivergence why the last one of either was one; empty if none was
 * @param gradients so far
 * @param acceptance sum of acceptance after the warm-up
 */
record ChainState(int next, double[] unconstrained, int counted, long rowBytes, int divergences,
    int warmUpDivergences, String lastDivergence, long gradients, double acceptance, Adaptation.State adaptation) {
  static final String PART = "chain.json";

  private static final int FORMAT = 2;
  private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  byte[] toBytes() {
    ObjectNode root = JSON.createObjectNode();
    root.put("format", FORMAT);
    root.put("next", next);
    root.put("counted", counted);
    root.put("csv-row-bytes", rowBytes);
    root.put("divergences", divergences);
    root.put("warm-up-divergences", warmUpDivergences);
    root.put("last-divergence", lastDivergence);
    root.put("gradients", gradients);
    write(root, "acceptance", acceptance);
    write(root, "unconstrained", unconstrained);
    ObjectNode learned = root.putObject("adaptation");
    write(learned, "step-size", adaptation.stepSize());
    DualAveraging a = adaptation.averaging();
    write(learned, "averaging", a.target(), a.centre(), a.error(), a.log(), a.logMean());
    learned.put("averaging-count", a.count());
    learned.put("count", adaptation.count());
    write(learned, "mean", adaptation.mean());
    write(learned, "moments", adaptation.moments());
    write(learned, "inverse-metric", adaptation.inverseMetric());
    try {
      return JSON.writeValueAsBytes(root);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("numbers and names are JSON", impossible);
    }
  }

  /** @throws IOException if the bytes are not such a state */
  static ChainState parse(byte[] bytes) throws IOException {
    try {
      JsonNode root = JSON.readTree(bytes);
      if (root.path("format").asInt() != FORMAT)
        throw new IOException(
            "the checkpoint was written by another version of Halocline: its format is " + root.path("format")
                + ", not "
                + FORMAT + "; go on with that version, or start anew in another --output");
      JsonNode learned = root.required("adaptation");
      double[] a = numbers(learned, "averaging");
      Adaptation.State adaptation = new Adaptation.State(numbers(learned, "step-size")[0],
          new DualAveraging(a[0], a[1], learned.required("averaging-count").asInt(), a[2], a[3], a[4]),
          learned.required("count").asInt(), numbers(learned, "mean"), numbers(learned, "moments"),
          numbers(learned, "inverse-metric"));
      return new ChainState(root.required("next").asInt(), numbers(root, "unconstrained"),
          root.required("counted").asInt(), root.required("csv-row-bytes").asLong(),
          root.required("divergences").asInt(), root.required("warm-up-divergences").asInt(),
          root.required("last-divergence").asText(), root.required("gradients").asLong(),
          numbers(root, "acceptance")[0],
          adaptation);
    } catch (RuntimeException broken) {
      throw new IOException("the state of a chain cannot be read: " + broken.getMessage(), broken);
    }
  }

  private static void write(ObjectNode node, String name, double... values) {
    ArrayNode array = node.putArray(name);
    for (double value : values)
      array.add(Long.toHexString(Double.doubleToRawLongBits(value)) + " " + value);
  }

  private static double[] numbers(JsonNode node, String name) {
    JsonNode array = node.required(name);
    double[] values = new double[array.size()];
    Arrays.setAll(values, i -> Double
        .longBitsToDouble(Long.parseUnsignedLong(array.get(i).asText().split(" ")[0], 16)));
    return values;
  }
}
