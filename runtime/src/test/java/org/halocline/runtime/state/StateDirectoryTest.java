package org.halocline.runtime.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.halocline.runtime.cluster.JobEventRecord;
import org.halocline.runtime.cluster.JobOrder;
import org.halocline.runtime.cluster.JobState;
import org.halocline.runtime.cluster.JobTerms;
import org.halocline.runtime.files.StorageException;
import org.halocline.runtime.files.SupersededException;
import org.halocline.runtime.job.Digests;
import org.halocline.runtime.job.Done;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.job.JobSpec;
import org.halocline.runtime.store.EventHistory;
import org.halocline.runtime.store.EventLog;
import org.halocline.runtime.store.EventNumber;
import org.halocline.runtime.store.FileJobStore;
import org.halocline.runtime.store.JobStore;
import org.halocline.runtime.store.StoredJob;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class StateDirectoryTest {
  @TempDir
  Path parent;

  private StateDirectory open() throws StorageException {
    return StateDirectory.open(parent.resolve("state"), "tea");
  }

  private static StoredJob.Order order(String text) {
    JobSpec spec = JobSpec.of("toy", "{\"text\": \"" + text + " κ\"}", Map.of("/a", "aa"));
    return new StoredJob.Order(new JobOrder(spec, "job.conf", text, "", false, JobTerms.usual()), "/runs/a", 7);
  }

  @Test
  void shouldBeTheSameForEveryNode() throws Exception {
    StateDirectory first = open();
    StateDirectory second = open();
    assertEquals(first.token(), second.token());
    assertEquals(first.identity(), second.identity());
    assertEquals(64, first.token().length());
    assertTrue(second.isToken(first.token()));
    assertFalse(second.isToken(first.token().substring(1)));
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(first.path())));
    assertNotEquals(first.claimSlot(10), second.claimSlot(10));
  }

  @Test
  void shouldLieInTheHomeThatTheEnvironmentNames() {
    assertEquals(Path.of("/h/.local/state/halocline/tea"), StateDirectory.usual("tea", Map.of("HOME", "/h")));
    assertEquals(Path.of("/x/halocline/tea"),
        StateDirectory.usual("tea", Map.of("HOME", "/h", "XDG_STATE_HOME", "/x")));
    assertEquals(Path.of("/h/.local/state/halocline/tea"),
        StateDirectory.usual("tea", Map.of("HOME", "/h", "XDG_STATE_HOME", "not/absolute")));
    for (Map<String, String> none : List.of(Map.<String, String>of(), Map.of("HOME", ""), Map.of("HOME", "here")))
      assertEquals(Path.of(System.getProperty("user.home"), ".local/state/halocline/tea"),
          StateDirectory.usual("tea", none));
  }

  @Test
  void shouldAllowRunsBelowItsFoldersOnly() throws Exception {
    Path shared = Files.createDirectories(parent.resolve("shared"));
    Path hidden = Files.createDirectories(parent.resolve("private/inner"));
    Files.createSymbolicLink(shared.resolve("out"), hidden);
    Files.createSymbolicLink(shared.resolve("dangling"), parent.resolve("nowhere"));
    Files.createSymbolicLink(parent.resolve("alias"), shared);
    StateDirectory state = open().allowing(List.of(shared));
    for (String good : List.of("state/runs/a", "shared/a", "shared/new/deep/a", "shared/./a", "alias/a",
        "private/../shared/a", "shared/out/../../shared/b"))
      assertTrue(state.allowsRun(parent.resolve(good)), good);
    for (String bad : List.of("shared", "state", "state/runs", "state/jobs/a", "private/a", "shared/out",
        "shared/out/a",
        "shared/out/../a", "shared/../private/a", "shared/../a", "shared/dangling/a", "sharedother/a", "alias"))
      assertFalse(state.allowsRun(parent.resolve(bad)), bad);
    assertFalse(open().allowsRun(shared.resolve("a")), "only what was told");
    assertFalse(state.allowsRun(Path.of("/etc")));
  }

  @Test
  void shouldRefuseAnotherClustersDirectoryAndAnOpenToken() throws Exception {
    open();
    String other = assertThrows(StorageException.class, () -> StateDirectory.open(parent.resolve("state"), "coffee"))
        .getMessage();
    assertTrue(other.contains("tea") && other.contains("coffee") && other.contains("--state"), other);
    Files.setPosixFilePermissions(parent.resolve("state/token"), PosixFilePermissions.fromString("rw-r--r--"));
    String readable = assertThrows(StorageException.class, this::open).getMessage();
    assertTrue(readable.contains("chmod 600"), readable);
  }

  @Test
  void shouldReadWhatTheCoordinatorBeforeKept() throws Exception {
    JobStore first = FileJobStore.takeOver(open(), "node-a");
    StoredJob.Order order = order("one");
    first.keep(order);
    StoredJob.State ended = new StoredJob.State(JobState.FAILED, "no lanes", java.util.Optional.of("enough"),
        java.util.Optional.of(new org.halocline.runtime.layout.Layout(2, 1, 1)), 3, 4, 1, 99, 8,
        java.util.Optional.of(new org.halocline.runtime.job.Recovery("x", 1, 2, 3)), java.util.OptionalLong.of(5),
        java.util.OptionalLong.empty(), 0.25);
    first.keep(order.id(), ended);
    JobStore second = FileJobStore.takeOver(open(), "node-b");
    assertEquals(2, second.incarnation());
    assertEquals(List.of(new StoredJob(order, ended)), second.load().jobs());
    assertThrows(SupersededException.class, () -> first.keep(order("late")));
    assertThrows(SupersededException.class, () -> first.keep(order.id(), StoredJob.State.fresh()));
    assertEquals(1, second.load().jobs().size(), "an order that was refused is not there");
    assertEquals(second.proof(), open().proof());
    assertTrue(second.predecessorAliveEpochMillis() > 0);
  }

  @Test
  void shouldNumberEventsAcrossCoordinators() throws Exception {
    JobStore first = FileJobStore.takeOver(open(), "node-a");
    long one = EventNumber.first(first.incarnation());
    try (EventLog log = new EventLog(first.events("toy-1").orElseThrow(), first.incarnation())) {
      log.append(new JobEventRecord(one, 1, "toy-1", new JobEvent.Waiting("lanes κ")), true);
      log.append(new JobEventRecord(one + 1, 2, "toy-1",
          new JobEvent.Progress("chain 0", Done.unknown(), "x", Map.of("a", Double.NaN))), false);
    }
    Path file = parent.resolve("state/jobs/toy-1/events/000001.jsonl");
    Files.writeString(file, "{\"number\": 12, \"atEp", StandardOpenOption.APPEND);
    JobStore second = FileJobStore.takeOver(open(), "node-b");
    long two = EventNumber.first(second.incarnation());
    try (EventLog log = new EventLog(second.events("toy-1").orElseThrow(), second.incarnation())) {
      log.append(new JobEventRecord(two, 3, "toy-1", new JobEvent.Cancelled("enough")), true);
    }
    EventHistory told = new EventHistory(second.events("toy-1").orElseThrow());
    assertEquals(List.of(one, one + 1, two), told.read(0, 100).stream().map(JobEventRecord::number).toList());
    assertEquals(List.of(one + 1), told.read(one + 1, 1).stream().map(JobEventRecord::number).toList());
    assertEquals(List.of(two), told.read(one + 2, 100).stream().map(JobEventRecord::number).toList());
    assertTrue(two < 1L << 53, "exact in JavaScript");
  }

  @Test
  void shouldKeepABlobOnceAndOnlyIfItIsWhatItsNameSays() throws Exception {
    BlobStore blobs = open().blobs();
    byte[] contents = "a map".getBytes(StandardCharsets.UTF_8);
    String digest = Digests.sha256("a map");
    assertThrows(StorageException.class,
        () -> blobs.receive(digest, new ByteArrayInputStream("another".getBytes(StandardCharsets.UTF_8)), 100));
    assertThrows(StorageException.class, () -> blobs.receive(digest, new ByteArrayInputStream(contents), 3));
    assertFalse(blobs.has(digest));
    assertEquals("a map", Files.readString(blobs.receive(digest, new ByteArrayInputStream(contents), 100)));
    blobs.receive(digest, new ByteArrayInputStream(contents), 100);
    assertTrue(blobs.has(digest));
    assertThrows(IllegalArgumentException.class, () -> blobs.path("../token"));
    try (var files = Files.list(parent.resolve("state/blobs"))) {
      assertEquals(1, files.count(), "nothing half is left");
    }
  }

  @Test
  void shouldReadTheEventsAroundOneThatWasCutOff() throws Exception {
    JobStore store = FileJobStore.takeOver(open(), "a");
    try (EventLog log = new EventLog(store.events("toy-1").orElseThrow(), store.incarnation())) {
      log.append(new JobEventRecord(1, 10, "toy-1", new JobEvent.Waiting("for tea")), true);
    }
    Path file = parent.resolve("state/jobs/toy-1/events/000001.jsonl");
    Files.writeString(file, "{\"number\":2,\"atEp\n", java.nio.file.StandardOpenOption.APPEND);
    try (EventLog log = new EventLog(store.events("toy-1").orElseThrow(), store.incarnation())) {
      log.append(new JobEventRecord(3, 30, "toy-1", new JobEvent.Cancelled("enough")), true);
    }
    EventHistory told = new EventHistory(store.events("toy-1").orElseThrow());
    assertEquals(List.of(1L, 3L), told.read(0, 10).stream().map(JobEventRecord::number).toList());
    assertEquals(3, told.last(1).getFirst().number());
    assertEquals(List.of(1L, 3L), told.last(5).stream().map(JobEventRecord::number).toList());
    assertTrue(new EventHistory(store.events("toy-2").orElseThrow()).last(1).isEmpty());
  }
}
