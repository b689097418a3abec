package org.halocline.runtime.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.coordination.lease.LeaseSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class FileLeaseTest {
  @TempDir
  Path directory;
  private final List<FileLease> leases = new ArrayList<>();

  @AfterEach
  void close() {
    leases.forEach(FileLease::close);
  }

  private FileLease lease(String owner, Path where) {
    FileLease lease = new FileLease(LeaseSettings.apply(ConfigFactory.parseString("directory = \"" + where + "\"\n"
        + "heartbeat-timeout = 3 m, heartbeat-interval = 50 ms, lease-operation-timeout = 5 s"), "sbr", owner));
    leases.add(lease);
    return lease;
  }

  private static boolean done(CompletionStage<Boolean> stage) throws Exception {
    return stage.toCompletableFuture().get(3, TimeUnit.MINUTES);
  }

  @Test
  void shouldGrantTheLeaseToOne() throws Exception {
    FileLease a = lease("a", directory);
    FileLease b = lease("b", directory);
    assertTrue(done(a.acquire()));
    assertTrue(a.checkLease());
    assertFalse(done(b.acquire()));
    assertTrue(done(a.acquire()), "its holder may ask again");
    assertTrue(done(a.release()));
    assertFalse(a.checkLease());
    assertTrue(done(b.acquire()));
    assertFalse(done(a.acquire()));
  }

  @Test
  void shouldGrantItToOneOfManyAtOnce() throws Exception {
    List<CompletionStage<Boolean>> asked = new ArrayList<>();
    for (int i = 0; i < 12; i++)
      asked.add(lease("node-" + i, directory).acquire());
    int granted = 0;
    for (CompletionStage<Boolean> one : asked)
      granted += done(one) ? 1 : 0;
    assertEquals(1, granted);
  }

  @Test
  void shouldTakeItFromAHolderThatIsSilentAndTellThatOne() throws Exception {
    FileLease silent = lease("silent", directory);
    CountDownLatch lost = new CountDownLatch(1);
    assertTrue(done(silent.acquire(_ -> lost.countDown())));
    FileLease other = lease("other", directory);
    // As if the holder had slept: its heartbeat is old for as long as the other one looks.
    Path tenure = directory.resolve("sbr/000001");
    boolean granted = false;
    while (!granted) {
      Files.setLastModifiedTime(tenure, FileTime.fromMillis(System.currentTimeMillis() - 3_600_000));
      granted = done(other.acquire());
    }
    assertTrue(lost.await(3, TimeUnit.MINUTES));
    assertFalse(silent.checkLease());
    assertTrue(other.checkLease());
  }

  @Test
  void shouldGrantNothingWithoutADirectory() throws Exception {
    FileLease lease = lease("a", Path.of(""));
    assertFalse(done(lease.acquire()));
    assertTrue(done(lease.release()));
  }
}
