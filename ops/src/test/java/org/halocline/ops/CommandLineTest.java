package org.halocline.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.halocline.ops.cli.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What every user types first, and what no text from a file may do to a terminal. */
@Timeout(300)
class CommandLineTest {

  /** Red, a title for the window, a carriage return, a C1 introducer, text from right to left, an invisible tag. */
  private static final String HOSTILE = "a\u001b[31mb\u001b]0;c\u0007d\re\u009b2Jf\u202eg\udb40\udc41h\u2028i";

  @TempDir
  Path folder;

  @Test
  void shouldHelpInEveryWay() {
    for (List<String> line : List.of(List.of("help"), List.of("help", "run"), List.of("--help"), List.of("-h"),
        List.of("version"), List.of("--version"), List.of("version", "-h"))) {
      Outcome outcome = Halocline.inside(line.toArray(String[]::new));
      assertEquals(0, outcome.exit(), outcome::toString);
      assertTrue(outcome.out().toLowerCase().contains("halocline") && outcome.err().isEmpty(), outcome::toString);
    }
    for (String command : Main.commandLine().getSubcommands().keySet().stream().filter(name -> !name.equals("warm-up"))
        .toList())
      for (String help : List.of("-h", "--help")) {
        Outcome outcome = Halocline.inside(command, help);
        assertEquals(0, outcome.exit(), outcome::toString);
        assertTrue(outcome.out().contains("Usage: halocline " + command), outcome::toString);
      }
    Outcome typo = Halocline.inside("sumbit");
    assertEquals(ExitCode.BAD_INPUT, typo.exit(), typo::toString);
    assertTrue(typo.err().contains("submit"), typo::toString);
  }

  @Test
  void shouldListTheKindsWhereNoneIsGiven() throws IOException {
    Path job = Files.writeString(folder.resolve("job.conf"), BadInputTest.GRADIENT.replace("kind = gradient", ""));
    Outcome outcome = Halocline.inside("plan", job.toString());
    assertEquals(ExitCode.BAD_INPUT, outcome.exit(), outcome::toString);
    assertTrue(outcome.err().contains("kind: is missing; give one of gradient, infer, simulate"), outcome::toString);
  }

  @Test
  void shouldPrintNothingThatMovesATerminal() throws IOException {
    String quoted = HOSTILE.replace("\u001b", "\\u001b").replace("\u0007", "\\u0007").replace("\r", "\\r");
    Path job = Files.writeString(folder.resolve("job " + HOSTILE + ".conf"),
        BadInputTest.GRADIENT.replace("kind = gradient", "kind = \"" + quoted + "\", \"" + quoted + "\" = 1"));
    for (String[] line : new String[][]{{"plan", job.toString()}, {"run", job.toString()},
        {"plan", "--json", job.toString()}, {"run", "--json", job.toString()}, {"plan", job.toString(), HOSTILE},
        {"node", "--memory", HOSTILE}, {"status", HOSTILE, "--address", "http://127.0.0.1:1"}}) {
      Outcome outcome = Halocline.inside(line);
      assertTrue(outcome.exit() != 0, outcome::toString);
      String all = outcome.out() + outcome.err();
      assertTrue(all.chars().noneMatch(c -> Character.isISOControl(c) && c != '\n'), () -> line[0] + ": " + outcome);
      for (String hidden : List.of("\u202e", "\udb40", "\u2028"))
        assertFalse(all.contains(hidden), () -> line[0] + ": " + outcome);
    }
    Outcome plan = Halocline.inside("plan", job.toString());
    assertTrue(plan.err().contains("a\\u001b[31mb"), plan::toString);
  }
}
