package org.halocline.sampler.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.StringJoiner;
import org.halocline.cosmology.npy.NpyFile;
import org.halocline.runtime.config.Settings;
import org.halocline.sampler.model.LayoutDevice;

/** The reference's fixtures, as jobs. */
final class Fixtures {
  static final Path DIRECTORY = Path.of("../cosmology/src/test/resources/reference").toAbsolutePath().normalize();

  private Fixtures() {}

  static Path directory(String name) {
    return DIRECTORY.resolve(name);
  }

  static JsonNode settings(String name) throws IOException {
    return new ObjectMapper().readTree(directory(name).resolve("case.json").toFile());
  }

  /** The blocks cosmology and simulation of a fixture. */
  static String model(String name, String point, String noise) throws IOException {
    JsonNode settings = settings(name);
    StringJoiner cosmology = new StringJoiner(", ");
    settings.get(point).properties()
        .forEach(entry -> cosmology.add(entry.getKey().replace('_', '-') + " = " + entry.getValue()));
    String edges = settings.has("planes")
        ? "light-cone { steps-before = " + settings.get("steps_before_light_cone") + ", planes = "
            + settings.get("planes") + " }"
        : "snapshot { steps = " + settings.get("steps") + ", spacing = a }";
    return """
        cosmology { %s }
        simulation {
          mesh = %s, box-mpc-h = %s, a-initial = %s, lpt-order = %s, scheme = %s
          %s
          noise = "%s"
        }
        """.formatted(cosmology, settings.get("mesh"), settings.get("box_mpc_h"), settings.get("a_initial"),
        settings.get("lpt_order"), settings.get("scheme"), edges, noise);
  }

  /** The blocks lensing and data of the light cone. */
  static String lensing() throws IOException {
    JsonNode settings = settings("lightcone");
    return """
        lensing { field-of-view-deg = %s, pixels = %s, sources = "nz.csv", allow-truncated-sources = true, distance = comoving }
        data { map = "observed.npy", sigma-pixel = %s }
        """
        .formatted(settings.get("field_of_view_deg"), settings.get("pixels"), settings.get("sigma"));
  }

  static String layout(LayoutDevice device, int x, int y) {
    return "layout { device = " + Settings.dashed(device) + ", x = " + x + ", y = " + y + " }\n";
  }

  static String layout(int x, int y) {
    return "layout { x = " + x + ", y = " + y + " }\n";
  }

  static float[] array(Path file) throws IOException {
    try (NpyFile npy = NpyFile.open(file)) {
      int[] shape = npy.shape();
      float[] all = new float[Arrays.stream(shape).reduce(1, Math::multiplyExact)];
      npy.readBlock(new int[shape.length], shape, all);
      return all;
    }
  }

  static double rms(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < b.length; i++)
      sum += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
    return Math.sqrt(sum / b.length);
  }

  static double rms(float[] a) {
    return rms(a, new float[a.length]);
  }
}
