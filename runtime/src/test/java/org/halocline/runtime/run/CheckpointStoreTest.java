package org.halocline.runtime.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class CheckpointStoreTest {
  @TempDir
  Path parent;

  private CheckpointStore store(int incarnation) throws IOException {
    Path directory = Files.createDirectories(parent.resolve("chain-0"));
    return new CheckpointStore(directory, incarnation, name -> directory.resolve("." + name));
  }

  private static Checkpoint commit(CheckpointStore store, int value) throws IOException {
    CheckpointStore.Draft draft = store.begin();
    draft.write("state.json", ("{\"value\": " + value + "}").getBytes());
    draft.write("z.npy", new byte[]{(byte) value, 1, 2, 3});
    return draft.commit(Map.of("draw", Integer.toString(value)));
  }

  private static String draw(Optional<Checkpoint> checkpoint) {
    return checkpoint.map(found -> found.attributes().get("draw")).orElse("none");
  }

  private List<String> files() throws Exception {
    try (Stream<Path> files = Files.list(parent.resolve("chain-0"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void shouldReadBackLastCommit() throws Exception {
    CheckpointStore store = store(1);
    assertEquals(Optional.empty(), store.latest());
    commit(store, 1);
    Checkpoint written = commit(store, 2);
    Checkpoint read = store(2).latest().orElseThrow();
    assertEquals(written, read);
    assertArrayEquals(new byte[]{2, 1, 2, 3}, read.read("z.npy"));
    assertEquals(List.of("state.json", "z.npy"), List.copyOf(read.names()));
    assertThrows(IllegalArgumentException.class, () -> read.read("absent"));
  }

  @Test
  void shouldKeepLastTwo() throws Exception {
    CheckpointStore store = store(1);
    for (int i = 1; i <= 4; i++)
      commit(store, i);
    assertEquals(List.of("000001-000000003", "000001-000000003.json", "000001-000000004", "000001-000000004.json"),
        files());
  }

  @Test
  void shouldIgnoreAndRemoveWhatWasNeverCommitted() throws Exception {
    commit(store(1), 1);
    CheckpointStore.Draft killed = store(2).begin();
    killed.write("state.json", "{}".getBytes());
    Files.writeString(parent.resolve("chain-0/.000002-000000001.json"), "{\"half");
    CheckpointStore store = store(3);
    assertEquals("1", draw(store.latest()));
    commit(store, 5);
    assertEquals("5", draw(store.latest()));
    assertFalse(files().contains("000002-000000001"), files().toString());
  }

  @Test
  void shouldFallBackWhereLastIsBroken() throws Exception {
    long seed = 3;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    CheckpointStore store = store(1);
    commit(store, 1);
    Path part = commit(store, 2).path("z.npy");
    byte[] good = Files.readAllBytes(part);
    for (int i = 0; i < 20; i++) {
      byte[] bad = random.nextBoolean() ? good.clone() : java.util.Arrays.copyOf(good, random.nextInt(good.length));
      if (bad.length == good.length)
        bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(part, bad);
      assertEquals("1", draw(store.latest()));
    }
    Files.write(part, good);
    assertEquals("2", draw(store.latest()));
    Files.delete(part);
    assertEquals("1", draw(store.latest()));
    Files.writeString(parent.resolve("chain-0/000001-000000001.json"), "[]");
    assertEquals(Optional.empty(), store.latest());
  }

  @Test
  void shouldRankSupersededIncarnationBelow() throws Exception {
    CheckpointStore old = store(1);
    commit(old, 1);
    CheckpointStore current = store(2);
    commit(current, 10);
    commit(old, 2);
    assertEquals("10", draw(current.latest()));
  }

  @Test
  void shouldTakePartsThatOthersWrote() throws Exception {
    CheckpointStore.Draft draft = store(1).begin();
    Path shard = draft.path("shard-0.npy");
    Files.write(shard, new byte[100_000]);
    PartDigest digest = PartDigest.seal(shard);
    assertEquals(PartDigest.of(new byte[100_000]), digest);
    draft.add("shard-0.npy", digest);
    draft.commit(Map.of());
    assertEquals(digest, store(2).latest().orElseThrow().parts().get("shard-0.npy"));
  }

  @Test
  void shouldRefuseNamesThatLeaveTheDirectory() throws Exception {
    CheckpointStore.Draft draft = store(1).begin();
    for (String name : List.of("", "../x", ".x"))
      assertThrows(IllegalArgumentException.class, () -> draft.path(name));
    assertTrue(draft.path("x").startsWith(parent));
  }
}
