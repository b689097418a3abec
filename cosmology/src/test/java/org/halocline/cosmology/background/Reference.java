package org.halocline.cosmology.background;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.halocline.cosmology.background.Background.GrowthJet;
import org.halocline.cosmology.theta.LimitException;
import org.halocline.cosmology.theta.Parameter;

/** The stored reference fixtures. */
public final class Reference {
  public static final Path ROOT = Path.of("src/test/resources/reference");
  public static final Cosmology LCDM = new Cosmology(0.3089, 0.0486, 0.6774, 0.9667, 0.8159, -1, 0, 0);
  public static final Cosmology W0WA = new Cosmology(0.3089, 0.0486, 0.6774, 0.9667, 0.8159, -0.9, 0.3, 0);
  public static final Cosmology CURVED = new Cosmology(0.3089, 0.0486, 0.6774, 0.9667, 0.8159, -1, 0, 0.05);

  private Reference() {}

  public static Cosmology cosmology(String name) {
    return switch (name) {
      case "lcdm" -> LCDM;
      case "w0wa" -> W0WA;
      case "curved" -> CURVED;
      default -> throw new IllegalArgumentException(name);
    };
  }

  /** A point with one parameter replaced. */
  public static Cosmology with(Cosmology c, Parameter parameter, double value) {
    return Cosmology.of(c.theta().with(parameter.name(), value));
  }

  /** A point moved along one parameter. */
  public static Cosmology moved(Cosmology c, Parameter parameter, double by) {
    return with(c, parameter, c.theta().value(parameter.name()) + by);
  }

  public static JsonNode json(String folder) throws IOException {
    return new ObjectMapper().readTree(ROOT.resolve(folder).resolve("case.json").toFile());
  }

  public static Cosmology cosmology(JsonNode node) {
    return new Cosmology(node.get("omega_m").asDouble(), node.get("omega_b").asDouble(), node.get("h").asDouble(),
        node.get("n_s").asDouble(), node.get("sigma8").asDouble(), node.get("w0").asDouble(), node.get("wa").asDouble(),
        node.get("omega_k").asDouble());
  }

  public static List<double[]> csv(String file) throws IOException {
    return Files.readAllLines(ROOT.resolve(file)).stream().skip(1)
        .map(line -> List.of(line.split(",")).stream().mapToDouble(Double::parseDouble).toArray()).toList();
  }

  static GrowthJet growth(Background background, double a) throws LimitException {
    return background.growth(Jet.constant(StrictMath.log(a)));
  }

  public static void assertClose(double expected, double actual, double relative, String what) {
    assertTrue(Math.abs(actual - expected) <= relative * Math.abs(expected),
        () -> what + ": expected " + expected + ", found " + actual + ", off by " + (actual / expected - 1));
  }
}
