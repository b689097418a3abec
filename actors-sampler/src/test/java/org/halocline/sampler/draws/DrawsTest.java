package org.halocline.sampler.draws;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DrawsTest {
  @TempDir
  Path folder;

  @Test
  void shouldReadEveryColumnOfTheDrawsAfterTheWarmUp() throws Exception {
    Path file = Files.writeString(folder.resolve("chain-0.csv"), "# settings\nlp__,energy__,a\n-9,8,7\n"
        + "# Adaptation terminated\n# Step size = 0.1\n-1,2,3\n-4,5,NaN\n#\n#  Elapsed Time: 0 seconds (Warm-up)\n#\n");
    Draws draws = Draws.read(file);
    assertEquals(List.of("lp__", "energy__", "a"), draws.columns());
    assertEquals(List.of("a"), draws.parameters());
    assertArrayEquals(new double[]{-1, -4}, draws.column("lp__"));
    assertArrayEquals(new double[]{3, Double.NaN}, draws.column("a"));
  }

  @Test
  void shouldRefuseARowThatIsNoneInTheFileOfAnEndedChain() throws Exception {
    Path file = Files.writeString(folder.resolve("chain-0.csv"), "lp__,a\n-1,2\n-1\n-3,4\n");
    IOException refused = assertThrows(IOException.class, () -> Draws.read(file));
    assertTrue(refused.getMessage().contains("line 3 is no draw"), refused.getMessage());
  }
}
