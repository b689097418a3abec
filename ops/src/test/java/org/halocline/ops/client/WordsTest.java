package org.halocline.ops.client;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class WordsTest {
  private static final String JOB = """
      {"id": "tiny", "name": "survey.conf", "state": "running", "progress": 0.16, "incarnation": 1, "sources": {"chain 0": {
        "of": 400, "value.sigma8": 0.90974, "warm-up": 100, "seconds-left": 756.1, "gradients": 120000, "draw": %d,
        "acceptance": 0.64265}}}
      """;

  @Test
  void shouldTellOfAChainHowFarItIsFirstAndHowLongItTakesLast() throws Exception {
    String text = Words.job(new ObjectMapper().readTree(JOB.formatted(62)));
    assertTrue(
        text.contains("62 of 400, warm-up, acceptance 0.64265, gradients 120000, sigma8 0.90974, 12 min 36 s left"),
        text);
  }

  @Test
  void shouldSayNoWordOfTheWarmUpBehindIt() throws Exception {
    String text = Words.job(new ObjectMapper().readTree(JOB.formatted(101)));
    assertTrue(text.contains("101 of 400, acceptance"), text);
  }
}
