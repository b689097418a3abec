package org.halocline.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.halocline.sampler.prior.DistributionParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The README and the pages of ops/docs: their size, their links, and the job reference beside the keys that a job may
 * have.
 */
@Timeout(300)
class DocsTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final Path PAGES = ROOT.resolve("ops/docs");
  private static final int SCREENS = 120;
  private static final int COLUMNS = 120;
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");
  private static final Pattern KNOWN = Pattern.compile("remove it; known here: ([a-z0-9, -]+)");
  private static final List<String> BLOCKS = List.of("cosmology", "simulation", "simulation.light-cone",
      "simulation.fixed-point", "lensing", "data", "infer", "infer.parameters", "infer.thin", "checkpoint", "layout",
      "transport");

  /** Markdown files that the project's own readers open. */
  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    try (Stream<Path> modules = Files.list(ROOT); Stream<Path> docs = Files.list(PAGES)) {
      modules.map(module -> module.resolve("README.md")).filter(Files::isRegularFile).forEach(pages::add);
      docs.forEach(pages::add);
    }
    pages.add(ROOT.resolve("README.md"));
    pages.add(ROOT.resolve("ops/bench/README.md"));
    return pages;
  }

  @Test
  void shouldLinkToFilesThatExist() throws IOException {
    List<String> broken = new ArrayList<>();
    int links = 0;
    for (Path page : pages())
      for (MatchResult link : LINK.matcher(Files.readString(page)).results().toList()) {
        links++;
        if (!Files.exists(page.resolveSibling(link.group(1))))
          broken.add(ROOT.relativize(page) + ": " + link.group(1));
      }
    assertEquals(List.of(), broken);
    assertTrue(links > 30, links + " links were found");
  }

  @Test
  void shouldFitScreens() throws IOException {
    List<String> wide = new ArrayList<>();
    for (Path page : pages()) {
      List<String> lines = Files.readAllLines(page);
      for (int i = 0; i < lines.size(); i++)
        if (lines.get(i).codePointCount(0, lines.get(i).length()) > COLUMNS)
          wide.add(ROOT.relativize(page) + ":" + (i + 1));
    }
    assertEquals(List.of(), wide);
    int lines = Files.readAllLines(ROOT.resolve("README.md")).size();
    assertTrue(lines <= SCREENS, "README.md has " + lines + " lines");
  }

  /** The parser tells the forms of main code first, then those of the tests' own jar if it is there. */
  @Test
  void shouldNameEveryPrior() throws IOException {
    String forms = DistributionParser.forms().replace(" or ", ", ").replace(", waiting-time(rate)", "");
    Matcher rows = Pattern.compile("(?m)^\\| `([a-z-]+\\([a-z, ]+\\))` \\|")
        .matcher(Files.readString(PAGES.resolve("distributions.md")).split("## Of small vectors")[0]);
    assertEquals(forms, String.join(", ", rows.results().map(row -> row.group(1)).toList()));
  }

  /** A wrong key is answered by the keys that its block knows. */
  @Test
  void shouldNameEveryKeyOfAJob() throws IOException {
    List<String> arguments = new ArrayList<>(
        List.of("plan", ROOT.resolve("ops/examples/survey-tiny.conf").toString(), "--lanes", "1"));
    for (String block : BLOCKS)
      arguments.addAll(List.of("--set", block + ".qqqqqqqq=1"));
    Outcome refused = Halocline.inside(arguments.toArray(String[]::new));
    assertEquals(2, refused.exit(), refused::toString);
    List<String> lists = new ArrayList<>();
    Matcher known = KNOWN.matcher(refused.err() + refused.out());
    while (known.find())
      lists.add(known.group(1));
    assertEquals(BLOCKS.size(), lists.size(), refused::toString);
    String reference = Files.readString(PAGES.resolve("jobs.md"));
    TreeSet<String> missing = new TreeSet<>();
    for (String list : lists)
      for (String key : list.split(", "))
        if (!Pattern.compile("[`.]" + Pattern.quote(key) + "[`.]").matcher(reference).find())
          missing.add(key);
    assertEquals(new TreeSet<>(), missing);
  }
}
