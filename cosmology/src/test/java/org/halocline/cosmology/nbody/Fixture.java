package org.halocline.cosmology.nbody;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.halocline.cosmology.background.Cosmology;
import org.halocline.cosmology.kernel.FixedPoint;
import org.halocline.cosmology.lensing.Distance;
import org.halocline.cosmology.lensing.LensingKernel;
import org.halocline.cosmology.lensing.SourceTable;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.observe.ConvergenceMap;
import org.halocline.cosmology.theta.Theta;
import org.halocline.cosmology.timeline.Edges;
import org.halocline.cosmology.timeline.Scheme;
import org.halocline.cosmology.timeline.Spacing;
import org.halocline.cosmology.timeline.StepCoefficients;
import org.halocline.cosmology.timeline.Timeline;

/** A stored case: its settings and arrays. */
record Fixture(Path folder, JsonNode settings) {
  /** @param collection {@code reference}, or {@code cases}, which it does not exercise */
  static Fixture of(String collection, String name) throws Exception {
    Path folder = folder(collection, name);
    return new Fixture(folder, new ObjectMapper().readTree(folder.resolve("case.json").toFile()));
  }

  private static Path folder(String collection, String name) throws URISyntaxException {
    return Path.of(Fixture.class.getResource("/" + collection + "/" + name + "/case.json").toURI()).getParent();
  }

  String name() {
    return folder.getFileName().toString();
  }

  Mesh mesh() {
    JsonNode n = settings.get("mesh");
    JsonNode box = settings.get("box_mpc_h");
    return new Mesh(n.get(0).asInt(), n.get(1).asInt(), n.get(2).asInt(), box.get(0).asDouble(), box.get(1).asDouble(),
        box.get(2).asDouble());
  }

  Theta theta(String key) {
    Theta theta = Theta.usual(Cosmology.PARAMETERS);
    for (String name : theta.names())
      theta = theta.with(name, settings.get(key).get(name.replace('-', '_')).asDouble());
    return theta;
  }

  Timeline timeline() {
    Edges edges = settings.has("planes")
        ? new Edges.LightCone(settings.get("steps_before_light_cone").asInt(), settings.get("planes").asInt(),
            mesh().lzMpcH())
        : new Edges.Snapshot(settings.get("steps").asInt(), spacing());
    return new Timeline(settings.get("a_initial").asDouble(), settings.get("lpt_order").asInt(),
        Scheme.valueOf(settings.get("scheme").asText().toUpperCase()), edges);
  }

  private Spacing spacing() {
    return settings.has("spacing")
        ? Spacing.valueOf(settings.get("spacing").asText().toUpperCase().replace('-', '_'))
        : Spacing.A;
  }

  ConvergenceMap maps(Simulation simulation) throws Exception {
    LensingKernel kernel = new LensingKernel(SourceTable.read(folder.resolve("nz.csv")).sources(),
        settings.get("planes").asInt(),
        mesh().lzMpcH(), Distance.COMOVING);
    return new ConvergenceMap(simulation, kernel, Math.toRadians(settings.get("field_of_view_deg").asDouble()),
        settings.get("pixels").asInt());
  }

  SimulationPlan plan(double maxDisplacement) throws Exception {
    Mesh mesh = mesh();
    StepCoefficients c = StepCoefficients.compute(theta("cosmology"), timeline(), mesh.kMaxHMpc(), mesh.kMinHMpc());
    return new SimulationPlan(mesh, timeline(), new double[]{maxDisplacement, maxDisplacement, maxDisplacement},
        FixedPoint.of(maxDisplacement, c.momentumGrowth()));
  }

  /** A little-endian float32 array, C order. */
  float[] array(String name) throws Exception {
    byte[] bytes = Files.readAllBytes(folder.resolve(name));
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int header = 10 + buffer.getShort(8);
    String text = new String(bytes, 10, header - 10, StandardCharsets.US_ASCII);
    if (!text.contains("<f4"))
      throw new IllegalStateException(text);
    float[] values = new float[(bytes.length - header) / 4];
    buffer.position(header);
    buffer.asFloatBuffer().get(values);
    return values;
  }
}
