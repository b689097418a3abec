package org.halocline.runtime.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.halocline.runtime.layout.Layout;
import org.halocline.runtime.rank.RankSlot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class JobContextTest {
  @Test
  void shouldGiveEachDomainOfEachStartAnotherToken() {
    Set<Long> seen = new HashSet<>();
    Layout layout = new Layout(50, 1, 1);
    for (int start = 0; start < 20; start++) {
      List<Long> tokens = JobContext.freshTokens(layout);
      assertEquals(50, tokens.size());
      seen.addAll(tokens);
      JobContext job = new JobContext(new JobSpec("toy-1", "toy", "{}", Map.of()), null, layout,
          java.util.Collections.nCopies(50, new RankSlot(null, "node", 0)), null, false, false, tokens);
      tokens.forEach(token -> assertFalse(job.toString().contains(Long.toString(token))));
    }
    assertEquals(1000, seen.size());
  }
}
