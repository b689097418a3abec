package org.halocline.sampler.chain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.halocline.runtime.config.Json;
import org.halocline.sampler.kernel.ChainPolicy;
import org.halocline.sampler.kernel.ExactNumbers;

/**
 * The part of a checkpoint that a chain's actor writes; the ranks write the others. It is JSON, with doubles as
 * {@link ExactNumbers}.
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
 * @param sampler name of the sampler
 * @param learned what its policy knows
 */
record ChainState(int next, double[] unconstrained, int counted, long rowBytes, int divergences,
    int warmUpDivergences, String lastDivergence, long gradients, double acceptance, String sampler, JsonNode learned) {
  static final String PART = "chain.json";

  private static final int FORMAT = 3;

  byte[] toBytes() {
    ObjectNode root = Json.INDENTED.createObjectNode();
    root.put("format", FORMAT);
    root.put("next", next);
    root.put("counted", counted);
    root.put("csv-row-bytes", rowBytes);
    root.put("divergences", divergences);
    root.put("warm-up-divergences", warmUpDivergences);
    root.put("last-divergence", lastDivergence);
    root.put("gradients", gradients);
    ExactNumbers.write(root, "acceptance", acceptance);
    ExactNumbers.write(root, "unconstrained", unconstrained);
    root.put("sampler", sampler);
    root.set("learned", learned);
    try {
      return Json.INDENTED.writeValueAsBytes(root);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("numbers and names are JSON", impossible);
    }
  }

  /** @throws IOException if the bytes are not such a state */
  static ChainState parse(byte[] bytes) throws IOException {
    try {
      JsonNode root = Json.INDENTED.readTree(bytes);
      if (root.path("format").asInt() != FORMAT)
        throw new IOException(
            "the checkpoint was written by another version of Halocline: its format is " + root.path("format")
                + ", not " + FORMAT + "; go on with that version, or start anew in another --output");
      return new ChainState(root.required("next").asInt(), ExactNumbers.read(root, "unconstrained"),
          root.required("counted").asInt(), root.required("csv-row-bytes").asLong(),
          root.required("divergences").asInt(), root.required("warm-up-divergences").asInt(),
          root.required("last-divergence").asText(), root.required("gradients").asLong(),
          ExactNumbers.read(root, "acceptance")[0], root.required("sampler").asText(), root.required("learned"));
    } catch (RuntimeException broken) {
      throw new IOException("the state of a chain cannot be read: " + broken.getMessage(), broken);
    }
  }

  /** Gives a policy what it knew. @throws IOException if it cannot be read */
  void teach(ChainPolicy policy) throws IOException {
    try {
      policy.restore(learned);
    } catch (RuntimeException broken) {
      throw new IOException("the state of a chain cannot be read: " + broken.getMessage(), broken);
    }
  }
}
