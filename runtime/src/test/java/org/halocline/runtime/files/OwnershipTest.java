package org.halocline.runtime.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.halocline.runtime.run.CheckpointStore;
import org.halocline.runtime.run.Opening;
import org.halocline.runtime.run.RunDirectory;
import org.halocline.runtime.run.RunManifest;
import org.halocline.runtime.run.RunRequest;
import org.halocline.runtime.run.Tenancy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Owners that were superseded change nothing, at any step of their work and at any time later. */
@Timeout(300)
class OwnershipTest {
  @TempDir
  Path directory;

  private Ownership take() throws StorageException {
    return Ownership.take(directory, "numbers", "");
  }

  private static RunRequest request(Path run, boolean resume) {
    return new RunRequest(run, resume, "toy-1", "toy", "job.conf", "kind = toy", "{}", Map.of(), Set.of(), Set.of(),
        "test", 0);
  }

  private static RunDirectory opened(Path run, boolean resume, Tenancy tenancy) throws StorageException {
    Opening opening = RunDirectory.open(request(run, resume), Clock.systemUTC(), tenancy);
    return assertInstanceOf(Opening.Opened.class, opening, opening::toString).run();
  }

  @Test
  void shouldShutOutEarlierOwners() throws Exception {
    Ownership first = take();
    Path file = directory.resolve("state.json");
    first.write(file, "state", "first");
    Path begun = first.aside("begun");
    Files.writeString(begun, "half");
    PendingFile pending = new PendingFile(begun, directory.resolve("result"));
    Ownership second = take();
    assertTrue(second.isCurrent());
    assertFalse(first.isCurrent());
    second.write(file, "state", "second");
    assertThrows(SupersededException.class, () -> first.write(file, "state", "late"));
    assertThrows(StorageException.class, pending::commit);
    assertThrows(SupersededException.class, first::requireCurrent);
    assertEquals("second", Files.readString(file));
    assertFalse(Files.exists(directory.resolve("result")));
  }

  @Test
  void shouldLeaveLateWritesWithoutAName() throws Exception {
    Path file = directory.resolve("draws.csv");
    Ownership first = take();
    PendingFile mine = first.pending("draws.csv", file);
    try (FileChannel late = FileChannel.open(mine.path(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      late.write(ByteBuffer.wrap("one\n".getBytes(StandardCharsets.UTF_8)));
      mine.commit();
      Ownership second = take();
      PendingFile copy = second.pending("draws.csv", file);
      Files.copy(file, copy.path());
      copy.commit();
      late.write(ByteBuffer.wrap("two\n".getBytes(StandardCharsets.UTF_8)));
    }
    assertEquals("one\n", Files.readString(file));
  }

  /** Many take a directory at once: one wins, and the others know that they have not. */
  @Test
  void shouldHaveOneOwnerWhenManyTakeItAtOnce() throws Exception {
    int takers = 16;
    CountDownLatch start = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Ownership>> all = new ArrayList<>();
      for (int i = 0; i < takers; i++)
        all.add(threads.submit(() -> {
          start.await();
          return take();
        }));
      start.countDown();
      List<Ownership> owners = new ArrayList<>();
      for (Future<Ownership> one : all)
        try {
          owners.add(one.get());
        } catch (java.util.concurrent.ExecutionException superseded) {
          assertInstanceOf(SupersededException.class, superseded.getCause());
        }
      Path file = directory.resolve("winner");
      int written = 0;
      for (Ownership owner : owners)
        try {
          owner.write(file, "winner", Integer.toString(owner.number()));
          written++;
        } catch (SupersededException expected) {
          assertTrue(owner.number() < takers);
        }
      assertEquals(1, written);
      assertEquals(Integer.toString(takers), Files.readString(file));
    }
  }

  @Test
  void shouldTakeARunOverFromAProcessThatHoldsItsLock() throws Exception {
    Path run = directory.resolve("run");
    RunDirectory stopped = opened(run, false, new Tenancy("tea", 1));
    CheckpointStore store = stopped.checkpoints("chain-0");
    CheckpointStore.Draft first = store.begin();
    first.write("a", new byte[]{1});
    first.commit(Map.of("n", "1"));
    CheckpointStore.Draft late = store.begin();
    late.write("a", new byte[]{2});
    RunDirectory next = opened(run, true, new Tenancy("tea", 2));
    assertEquals(2, next.incarnation());
    assertEquals("1", next.checkpoints("chain-0").latest().orElseThrow().attributes().get("n"));
    assertThrows(IOException.class, () -> late.commit(Map.of("n", "2")));
    assertThrows(IOException.class, () -> stopped.finish("done by the wrong one", "{}"));
    assertThrows(IOException.class, () -> stopped.become(RunManifest.State.FAILED, "late"));
    assertEquals("1", next.checkpoints("chain-0").latest().orElseThrow().attributes().get("n"));
    assertEquals(RunManifest.State.RUNNING, RunDirectory.readManifest(run).state());
    next.finish("done", "{}");
    assertEquals("done\n", Files.readString(run.resolve("table.txt")));
    next.close();
    stopped.close();
  }

  @Test
  void shouldNotLetAnEarlierCoordinatorTakeARunBack() throws Exception {
    Path run = directory.resolve("run");
    RunDirectory first = opened(run, false, new Tenancy("tea", 2));
    assertThrows(SupersededException.class,
        () -> RunDirectory.open(request(run, true), Clock.systemUTC(), new Tenancy("tea", 1)));
    assertTrue(first.isCurrent());
    first.close();
  }

  @Test
  void shouldRespectTheLockOfAProcessThatRunsForItself() throws Exception {
    Path run = directory.resolve("run");
    try (RunDirectory own = opened(run, false, Tenancy.alone())) {
      Opening refused = RunDirectory.open(request(run, true), Clock.systemUTC(), new Tenancy("tea", 1));
      assertInstanceOf(Opening.Refused.class, refused);
      assertTrue(own.isCurrent());
    }
  }

  @Test
  void shouldNotRemoveWhatItsSuccessorIsWriting() throws Exception {
    Path run = directory.resolve("run");
    RunDirectory stopped = opened(run, false, new Tenancy("tea", 1));
    CheckpointStore old = stopped.checkpoints("chain-0");
    old.begin();
    RunDirectory next = opened(run, true, new Tenancy("tea", 2));
    CheckpointStore.Draft draft = next.checkpoints("chain-0").begin();
    draft.write("a", new byte[]{3});
    old.begin();
    draft.commit(Map.of());
    assertEquals(2, next.checkpoints("chain-0").latest().orElseThrow().incarnation());
    next.close();
    stopped.close();
  }

  /** A disk that is gone for a moment is no other owner. */
  @Test
  void shouldNotTakeAFailingDiskForASuccessor() throws Exception {
    Path disk = Files.createDirectory(directory.resolve("disk"));
    Ownership owner = Ownership.take(disk, "numbers", "");
    Path away = Files.move(disk, directory.resolve("away"));
    StorageException lost = assertThrows(StorageException.class, owner::requireCurrent);
    assertFalse(lost instanceof SupersededException, lost::toString);
    StorageException unwritten = assertThrows(StorageException.class,
        () -> owner.write(disk.resolve("state.json"), "state", "late"));
    assertFalse(unwritten instanceof SupersededException, unwritten::toString);
    assertTrue(owner.isCurrent());
    Files.move(away, disk);
    owner.requireCurrent();
    owner.write(disk.resolve("state.json"), "state", "in time");
    assertEquals("in time", Files.readString(disk.resolve("state.json")));
  }

  /** It looked at the owner before, was stopped, and goes on when there is another. */
  @Test
  void shouldAskAgainWhomItFollowsWhenAnotherCameBetween() throws Exception {
    Ownership.take(directory, "numbers", "first");
    java.util.List<String> asked = new java.util.ArrayList<>();
    SupersededException refused = assertThrows(SupersededException.class,
        () -> Ownership.take(directory, "numbers", "late", note -> {
          asked.add(note);
          if (note.equals("first"))
            try {
              Ownership.take(directory, "numbers", "second");
            } catch (StorageException e) {
              throw new IllegalStateException(e);
            }
          return note.equals("first");
        }));
    assertEquals(java.util.List.of("first", "second"), asked, refused::getMessage);
    assertEquals(2, Ownership.highest(directory.resolve("numbers")));
  }
}
