package org.halocline.ops.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.halocline.ops.http.Refusal;
import org.halocline.sampler.draws.Draws;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class DrawEndpointsTest {
  @TempDir
  Path folder;

  @Test
  void shouldReadWholeRowsOnly() throws Exception {
    Path file = Files.writeString(folder.resolve("chain-0.csv"),
        "# a comment\nlp__,omega_m\r\n-1,0.25\n-2,0.5\n-3,0.7");
    Draws table = DrawEndpoints.read(file, 100);
    assertEquals(List.of("omega_m"), table.parameters());
    assertArrayEquals(new double[]{0.25, 0.5}, table.column("omega_m"));
  }

  /** A gigabyte in one line, with and without holes. */
  @ParameterizedTest
  @ValueSource(strings = {"", "lp__,omega_m\n-1,0.25\n", "# "})
  void shouldRefuseALineWithoutEnd(String before) throws Exception {
    Path file = folder.resolve("chain-0.csv");
    try (var channel = java.nio.channels.FileChannel.open(file, java.nio.file.StandardOpenOption.CREATE_NEW,
        java.nio.file.StandardOpenOption.WRITE)) {
      channel.write(java.nio.ByteBuffer.wrap(before.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
      channel.write(java.nio.ByteBuffer.wrap(new byte[]{'\n'}), 1L << 32);
    }
    Refusal refusal = assertThrows(Refusal.class, () -> DrawEndpoints.read(file, 100));
    assertTrue(refusal.getMessage().contains("chain-0.csv") && refusal.getMessage().contains("characters"),
        refusal::getMessage);
  }

  @Test
  void shouldRefuseManyColumns() throws Exception {
    Path file = Files.writeString(folder.resolve("chain-0.csv"), "a,".repeat(5000) + "b\n");
    Refusal refusal = assertThrows(Refusal.class, () -> DrawEndpoints.read(file, 100));
    assertTrue(refusal.getMessage().contains("5001 columns"), refusal::getMessage);
  }

  /** Wide ones are thinned more. */
  @Test
  void shouldHoldABoundedNumberOfValues() throws Exception {
    Path file = folder.resolve("chain-0.csv");
    String row = "1" + ",1".repeat(999) + "\n";
    try (Writer out = Files.newBufferedWriter(file)) {
      out.write("p" + ",p".repeat(999) + "\n");
      for (int i = 0; i < 3000; i++)
        out.write(row);
    }
    Draws table = DrawEndpoints.read(file, 20_000);
    assertEquals(3000, table.made());
    assertTrue(table.size() <= 1001, table.size() + " rows");
  }
}
