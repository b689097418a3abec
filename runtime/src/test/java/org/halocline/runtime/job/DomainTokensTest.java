package org.halocline.runtime.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class DomainTokensTest {
  @Test
  void shouldGiveEachDomainOfEachStartAnother() {
    Set<Long> seen = new HashSet<>();
    for (int start = 0; start < 20; start++) {
      DomainTokens tokens = DomainTokens.fresh();
      for (int domain = 0; domain < 50; domain++) {
        long token = tokens.of(domain);
        assertEquals(token, tokens.of(domain));
        seen.add(token);
        assertFalse(tokens.toString().contains(Long.toString(token)));
      }
    }
    assertEquals(1000, seen.size());
  }
}
