package org.halocline.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.halocline.ops.calibration.CalibrationFile;
import org.halocline.ops.cli.ExitCode;
import org.halocline.ops.plan.PlanText;
import org.halocline.runtime.config.Bytes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code plan} says to people and to programs: the same, and all of it. */
@Timeout(300)
class PlanTest {
  private static final String LARGE = BadInputTest.GRADIENT.replace("mesh = [8, 8, 16]", "mesh = [512, 512, 1024]")
      .replace("noise = \"noise.npy\"", "seed = 1");

  @TempDir
  Path folder;

  @BeforeEach
  void writeInputs() throws IOException {
    Npy.constant(0.5f, 8, 8, 16).write(folder.resolve("noise.npy"));
    Npy.constant(0.001f, 2, 4, 4).write(folder.resolve("observed.npy"));
    Files.writeString(folder.resolve("nz.csv"), "z,bin0,bin1\n0,0,0\n0.3,1,0.2\n0.6,0.3,1\n0.9,0,0\n");
  }

  private Outcome plan(String job, String... more) throws IOException {
    Path file = Files.writeString(folder.resolve("job.conf"), job);
    List<String> arguments = new ArrayList<>(List.of("plan", file.toString(), "--lanes", "2"));
    arguments.addAll(List.of(more));
    return Halocline.inside(arguments.toArray(String[]::new));
  }

  private static JsonNode json(Outcome outcome) throws JsonProcessingException {
    assertEquals(1, outcome.out().lines().count(), outcome::toString);
    assertEquals("", outcome.err(), outcome::toString);
    return new ObjectMapper().readTree(outcome.out());
  }

  private static Set<String> keys(JsonNode object) {
    Set<String> keys = new TreeSet<>();
    object.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  @Test
  void shouldSayEverythingToPrograms() throws IOException {
    Outcome outcome = plan(BadInputTest.GRADIENT + "layout { x = 2, y = 1 }", "--memory", "8g", "--json");
    assertEquals(0, outcome.exit(), outcome::toString);
    JsonNode plan = json(outcome);
    assertEquals(Set.of("event", "job", "kind", "machine", "layout", "chains", "explanation", "passed-over", "memory",
        "sent", "time", "jvm-options", "notes"), keys(plan));
    assertEquals("plan", plan.at("/event").textValue());
    assertEquals(folder.resolve("job.conf").toString(), plan.at("/job").textValue());
    assertEquals("gradient", plan.at("/kind").textValue());
    assertEquals(Set.of("lanes", "available-bytes", "total-bytes", "gpus"), keys(plan.at("/machine")));
    assertEquals(2, plan.at("/machine/lanes").intValue());
    assertEquals(8L << 30, plan.at("/machine/available-bytes").longValue());
    assertEquals("{\"domains\":1,\"x\":2,\"y\":1}", plan.at("/layout").toString());
    assertEquals(Set.of("peak-bytes", "needed-bytes", "device-bytes", "heap-bytes", "native-bytes", "jvm-bytes",
        "reserve-bytes", "ranks-of-a-chain"), keys(plan.at("/memory")));
    assertEquals(2, plan.at("/memory/ranks-of-a-chain").size());
    for (JsonNode part : plan.at("/memory/ranks-of-a-chain/0"))
      assertEquals(Set.of("name", "place", "bytes"), keys(part));
    assertEquals(2, plan.at("/sent").size());
    assertEquals(Set.of("messages", "exchanges", "bytes"), keys(plan.at("/sent/0")));
    assertTrue(plan.at("/sent/0/bytes/pencil").longValue() > 0, outcome::toString);
    assertEquals(Set.of("unit", "units", "counted", "seconds-a-unit", "basis", "parts"), keys(plan.at("/time")));
    assertEquals(Set.of("forward", "reverse"), keys(plan.at("/time/parts")));
  }

  @Test
  void shouldAddUp() throws IOException {
    JsonNode plan = json(plan(BadInputTest.GRADIENT + "layout { x = 1, y = 2 }", "--memory", "8g", "--json"));
    JsonNode memory = plan.at("/memory");
    long heap = 0;
    long beside = 0;
    for (JsonNode rank : memory.at("/ranks-of-a-chain"))
      for (JsonNode part : rank)
        if (part.at("/place").textValue().equals("heap"))
          heap += part.at("/bytes").longValue();
        else
          beside += part.at("/bytes").longValue();
    assertEquals(memory.at("/heap-bytes").longValue(), heap);
    assertEquals(memory.at("/native-bytes").longValue(), beside);
    assertEquals(memory.at("/peak-bytes").longValue(), heap + beside + memory.at("/jvm-bytes").longValue());
    assertEquals(memory.at("/needed-bytes").longValue(),
        memory.at("/peak-bytes").longValue() + memory.at("/reserve-bytes").longValue());
    double seconds = 0;
    for (JsonNode part : plan.at("/time/parts"))
      seconds += part.doubleValue();
    assertEquals(plan.at("/time/seconds-a-unit").doubleValue(), seconds, 1e-12);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "layout { x = 2, y = 1 }", "layout { x = 1, y = 2 }"})
  void shouldTellPeopleTheSameNumbers(String layout) throws IOException {
    for (String job : List.of(BadInputTest.GRADIENT + layout, BadInputTest.INFER + layout)) {
      String text = plan(job, "--memory", "8g").out();
      JsonNode plan = json(plan(job, "--memory", "8g", "--json"));
      assertLine(text, "layout", plan.at("/explanation").textValue());
      JsonNode memory = plan.at("/memory");
      assertLine(text, "peak resident", Bytes.text(memory.at("/peak-bytes").longValue()));
      assertLine(text, "the JVM itself", Bytes.text(memory.at("/jvm-bytes").longValue()));
      assertLine(text, "  with a reserve of " + Bytes.text(memory.at("/reserve-bytes").longValue()),
          Bytes.text(memory.at("/needed-bytes").longValue()));
      assertLine(text, "  there are", Bytes.text(plan.at("/machine/available-bytes").longValue()));
      for (JsonNode rank : memory.at("/ranks-of-a-chain"))
        for (JsonNode part : rank)
          if (part.at("/bytes").longValue() > 0)
            assertLine(text, "  " + part.at("/name").textValue(), Bytes.text(part.at("/bytes").longValue()));
      JsonNode time = plan.at("/time");
      assertLine(text, "time", "about " + PlanText.seconds(time.at("/seconds-a-unit").doubleValue()) + " a "
          + time.at("/unit").textValue());
      assertTrue(text.contains("by the figures of " + time.at("/basis").textValue()), text);
      for (JsonNode sent : plan.at("/sent"))
        for (JsonNode bytes : sent.at("/bytes"))
          assertLine(text, "sent", Bytes.text(bytes.longValue()));
      List<String> options = new ArrayList<>();
      plan.at("/jvm-options").forEach(option -> options.add(option.textValue()));
      assertLine(text, "start", String.join(" ", options));
    }
  }

  /** A line of that beginning has the words; of the lines of a rank's traffic, the largest is shown. */
  private static void assertLine(String text, String start, String words) {
    assertTrue(text.lines().anyMatch(line -> line.startsWith(start) && line.contains(words)),
        () -> start + " … " + words + " is not in\n" + text);
  }

  @Test
  void shouldTellProgramsWhatWouldFit() throws IOException {
    Outcome outcome = plan(LARGE, "--memory", "8g", "--json");
    assertEquals(ExitCode.BAD_INPUT, outcome.exit(), outcome::toString);
    JsonNode refused = json(outcome);
    assertEquals("refused", refused.at("/event").textValue());
    assertEquals(1, refused.at("/problems").size(), outcome::toString);
    JsonNode problem = refused.at("/problems/0");
    assertEquals("memory", problem.at("/key").textValue());
    assertTrue(problem.at("/bound").textValue().contains("GiB") && problem.at("/bound").textValue().contains("8192.0"),
        outcome::toString);
    assertTrue(problem.at("/remedy").textValue().contains("what would fit: a mesh of "), outcome::toString);
    Outcome text = plan(LARGE, "--memory", "8g");
    assertEquals(ExitCode.BAD_INPUT, text.exit(), text::toString);
    assertTrue(text.err().contains(problem.at("/bound").textValue())
        && text.err().contains(problem.at("/remedy").textValue()), text::toString);
    assertEquals("", text.out());
  }

  @Test
  void shouldRefuseBadInputInBothVoices() throws IOException {
    String bad = BadInputTest.GRADIENT.replace("pixels = 4", "pixels = four").replace("sigma-pixel", "sigma-pixl");
    JsonNode refused = json(plan(bad, "--json"));
    Outcome text = plan(bad);
    assertEquals(ExitCode.BAD_INPUT, text.exit(), text::toString);
    Set<String> keys = new TreeSet<>();
    for (JsonNode problem : refused.at("/problems")) {
      assertEquals(Set.of("key", "value", "bound", "remedy"), keys(problem));
      assertFalse(problem.at("/remedy").textValue().isEmpty(), problem::toString);
      assertTrue(text.err().contains(problem.at("/bound").textValue()), text::toString);
      keys.add(problem.at("/key").textValue());
    }
    assertTrue(keys.containsAll(List.of("lensing.pixels", "data.sigma-pixl", "data.sigma-pixel")), keys::toString);
  }

  @Test
  void shouldRefuseAJobFileThatIsNotThere() throws IOException {
    String missing = folder.resolve("none.conf").toString();
    Outcome outcome = Halocline.inside("plan", missing, "--json");
    assertEquals(ExitCode.BAD_INPUT, outcome.exit(), outcome::toString);
    assertTrue(json(outcome).at("/problems/0").toString().contains("none.conf"), outcome::toString);
  }

  @Test
  void shouldNotReckonByABrokenCalibration() throws IOException {
    String home = System.getProperty(CalibrationFile.HOME, "");
    Path broken = Files.writeString(folder.resolve("calibration.json"), "{ \"forwardNs\": ");
    System.setProperty(CalibrationFile.HOME, folder.toString());
    try {
      Outcome outcome = plan(BadInputTest.GRADIENT);
      assertEquals(ExitCode.BAD_INPUT, outcome.exit(), outcome::toString);
      assertTrue(outcome.err().contains(broken + ": is not JSON: line 1")
          && outcome.err().contains("halocline bench --calibrate"), outcome::toString);
    } finally {
      if (home.isEmpty())
        System.clearProperty(CalibrationFile.HOME);
      else
        System.setProperty(CalibrationFile.HOME, home);
    }
  }

  @Test
  void shouldWriteNothing() throws IOException {
    plan(BadInputTest.GRADIENT);
    assertFalse(Files.exists(folder.resolve("runs")));
  }
}
