package org.halocline.ops.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.halocline.ops.http.HttpSettings;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.job.JobKinds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser, over a cluster that plays a scene. Screenshots are left in target/screenshots. */
@Tag("browser")
@Timeout(600)
class PageTest {
  private static final long SEED = 20260;
  private static final Path SHOTS = Path.of("target/screenshots");
  /** A browser that was killed may write for a moment. */
  private static final Path PROFILES = Path.of("target/browser").toAbsolutePath();

  @TempDir
  Path folder;
  private FakeNode node;
  private Browser browser;

  @BeforeEach
  void start() throws Exception {
    Assumptions.assumeTrue(Browser.installed().isPresent(),
        "no browser is installed: apt-get install chromium-headless-shell");
    System.out.println("seed " + SEED);
    node = FakeNode.start(folder.resolve("state"), HttpSettings.defaults().withEndpoint("127.0.0.1", 0),
        new JobKinds(List.of()), SEED, FakeNode.HASTE);
    browser = Browser.start(Files.createTempDirectory(Files.createDirectories(PROFILES), "profile"));
    browser.size(1440, 1500, false);
  }

  @AfterEach
  void stop() throws Exception {
    if (browser != null)
      browser.close();
    if (node != null)
      node.close();
  }

  @Test
  void shouldShowTheClusterLive() throws Exception {
    node.happen(new JobEvent.Interrupted("node 10.0.0.13:25520 is gone", 1));
    node.happen(new JobEvent.Planned(new org.halocline.runtime.layout.Layout(2, 2, 1), "2 chains in 2 domains of 2×1"));
    writeDraws(240);
    for (int second = 0; second < 140; second++)
      node.play(second, false);
    browser.open(node.server().url() + "/");
    browser.await("document.querySelectorAll('.node').length === 3");
    browser.await("document.querySelectorAll('#traces .uplot').length === 2");
    browser.await("document.getElementById('link').textContent === 'live'");
    assertEquals("survey-medium.conf", text("#job-head h3"));
    assertEquals(2, browser.evaluate("document.querySelectorAll('#chains tbody tr').length").asInt());
    assertEquals(4, browser.evaluate("document.querySelectorAll('.rank').length").asInt());
    assertTrue(text("#events").contains("node 10.0.0.13:25520 is gone"), text("#events"));
    assertTrue(text("#actors").contains("node-agent"), text("#actors"));
    browser.await("document.getElementById('traces').textContent.includes('R̂ 1.0')");
    browser.screenshot(SHOTS.resolve("light.png"));
    node.play(150, false);
    browser.await("document.querySelector('#chains .draws').textContent.startsWith('379')");
    browser.size(1440, 1500, true);
    browser.await("document.documentElement.dataset.theme === 'dark'");
    node.play(151, true);
    browser.await("document.querySelector('.node.stale')");
    browser.await("document.querySelectorAll('#traces .uplot').length === 2");
    assertTrue(text(".node.stale").contains("silent for 31 s"), text(".node.stale"));
    browser.screenshot(SHOTS.resolve("dark.png"));
    browser.size(420, 2400, true);
    browser.screenshot(SHOTS.resolve("narrow-dark.png"));
    browser.size(420, 2400, false);
    browser.screenshot(SHOTS.resolve("narrow.png"));
    browser.size(390, 3000, false);
    browser.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)");
    browser.screenshot(SHOTS.resolve("phone.png"));
    assertEquals(5, browser.evaluate("document.querySelectorAll('.fold').length").asInt(),
        "chains, actors, three nodes");
    assertEquals("", browser.evaluate("[...document.querySelectorAll('.scroll, #actors, #events')]"
        + ".filter(one => one.scrollWidth > one.clientWidth).map(one => one.outerHTML.slice(0, 200)).join()").asText(),
        "tables scroll sideways on a phone");
    assertEquals(0,
        browser.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth").asInt(),
        "the narrow page scrolls sideways");
    assertEquals(List.of(), browser.complaints());
  }

  @Test
  void shouldShowTracesOfTheWarmUpBeforeDrawsAreKept() throws Exception {
    for (int second = 0; second < 30; second++)
      node.play(second, false);
    browser.open(node.server().url() + "/");
    browser.await("document.querySelectorAll('#traces .uplot').length === 2");
    assertTrue(text("#traces").contains("warm-up"), text("#traces"));
    assertEquals(List.of(), browser.complaints());
  }

  @Test
  void shouldWelcomeToAnEmptyCluster() throws Exception {
    node.playEmpty();
    browser.open(node.server().url() + "/");
    browser.await("document.querySelectorAll('.node').length === 3");
    browser.await("document.getElementById('job-head').textContent.includes('halocline submit')");
    browser.screenshot(SHOTS.resolve("empty.png"));
    browser.size(420, 1400, true);
    browser.screenshot(SHOTS.resolve("empty-narrow-dark.png"));
    assertEquals(List.of(), browser.complaints());
  }

  @Test
  void shouldShowSomeOfManyChainsAndSayOfHowMany() throws Exception {
    for (int chain = 0; chain < 40; chain++)
      Files.writeString(node.run().resolve("chain-" + chain + ".csv"), "lp__,a\n" + "-1,0.1\n-1,0.2\n".repeat(10));
    node.play(140, false);
    browser.open(node.server().url() + "/");
    browser.await("document.getElementById('traces').textContent.includes('16 of 40 chains')");
    assertEquals(List.of(), browser.complaints());
  }

  @Test
  void shouldTellEventsOfAnotherStateDirectoryFromItsFirst() throws Exception {
    for (int number = 0; number < 5; number++)
      node.happen(new JobEvent.Waiting("of the first " + number));
    browser.open(node.server().url() + "/");
    browser.await("document.getElementById('events').textContent.includes('of the first 4')");
    int port = node.server().address().getPort();
    node.close();
    node = FakeNode.start(folder.resolve("another"), HttpSettings.defaults().withEndpoint("127.0.0.1", port),
        new JobKinds(List.of()), SEED, FakeNode.HASTE);
    node.happen(new JobEvent.Waiting("of the second"));
    browser.await("document.getElementById('events').textContent.includes('of the second')");
    assertFalse(text("#events").contains("of the first"), text("#events"));
  }

  @Test
  void shouldCancelByKeyboardAndOnlyWithASession() throws Exception {
    node.play(30, false);
    browser.open(node.server().url() + "/");
    browser.await("document.getElementById('cancel')");
    browser.evaluate("document.getElementById('cancel').focus()");
    browser.press("Enter", 13);
    browser.await("document.getElementById('ask').open && !document.getElementById('ask-token').hidden");
    browser.type("not the token");
    browser.press("Enter", 13);
    browser.await("document.getElementById('notice').textContent.includes('token')");
    assertEquals("read only", text("#lock"));
    browser.open("about:blank");
    browser.open(node.server().pageLink());
    browser.await("document.getElementById('lock').textContent === 'may cancel'");
    assertEquals("", browser.evaluate("location.hash").asText(), "the key stays in the address");
    browser.await("document.getElementById('cancel')");
    browser.evaluate("document.getElementById('cancel').focus()");
    browser.press("Enter", 13);
    browser.await("document.getElementById('ask').open");
    browser.screenshot(SHOTS.resolve("cancel.png"));
    browser.press("Enter", 13);
    browser.await("document.querySelector('#job-head .state').textContent === 'cancelled'");
  }

  @Test
  void shouldSayThatItHasNoNewsAndGoOnByItself() throws Exception {
    browser.open(node.server().url() + "/");
    browser.await("document.getElementById('link').textContent === 'live'");
    node.mute(true);
    browser.await("document.getElementById('link').textContent === 'the coordinator is moving'");
    assertTrue(browser.evaluate("document.body.classList.contains('old')").asBoolean());
    node.mute(false);
    browser.await("document.getElementById('link').textContent === 'live'");
    int port = node.server().address().getPort();
    node.close();
    browser.await("document.getElementById('link').textContent.startsWith('no connection')");
    node = FakeNode.start(folder.resolve("state"), HttpSettings.defaults().withEndpoint("127.0.0.1", port),
        new JobKinds(List.of()), SEED, FakeNode.HASTE);
    browser.await("document.getElementById('link').textContent === 'live'");
  }

  private String text(String selector) throws Exception {
    return browser.evaluate("document.querySelector('" + selector + "').textContent").asText();
  }

  /** Chains that agree. */
  private void writeDraws(int draws) throws IOException {
    Random random = new Random(SEED);
    for (int chain = 0; chain < 2; chain++) {
      StringBuilder csv = new StringBuilder("# model = survey\n")
          .append("lp__,accept_stat__,stepsize__,n_leapfrog__,divergent__,energy__,omega_m,sigma8\n");
      double[] at = {0.31, 0.82};
      for (int draw = 0; draw < draws; draw++) {
        for (int p = 0; p < 2; p++)
          at[p] += 0.3 * ((p == 0 ? 0.31 : 0.82) - at[p]) + 0.03 * random.nextGaussian();
        csv.append(String.format(Locale.ROOT, "-812.5,0.8,0.09,17,0,900.5,%.6f,%.6f%n", at[0], at[1]));
      }
      Files.writeString(node.run().resolve("chain-" + chain + ".csv"), csv.append("-811.0,0.8"));
    }
  }
}
