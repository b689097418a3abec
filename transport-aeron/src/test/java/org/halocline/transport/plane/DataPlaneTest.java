package org.halocline.transport.plane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.halocline.transport.DataPlaneException;
import org.halocline.transport.DataPlaneSettings;
import org.halocline.transport.DomainMember;
import org.halocline.transport.Link;
import org.halocline.transport.NodeAddress;
import org.halocline.transport.Transfer;
import org.halocline.transport.TransferFailedException;
import org.halocline.transport.driver.DriverDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DataPlaneTest {
  @TempDir
  Path directory;

  private DataPlaneSettings settings() {
    return Wiring.settings(0, directory);
  }

  private List<String> entries() throws IOException {
    try (Stream<Path> paths = Files.list(directory)) {
      return paths.map(p -> p.getFileName().toString()).toList();
    }
  }

  private static DomainMember alone(DataPlane plane) {
    return new DomainMember(1, 0, List.of(plane.address()));
  }

  @Test
  void shouldLeaveNothingBehindWhenClosed() throws IOException {
    try (DataPlane plane = DataPlane.start(settings()); Arena arena = Arena.ofShared()) {
      assertEquals(2, entries().size(), "driver directory and its lock: " + entries());
      Link link = plane.join(alone(plane));
      Transfer open = link.receive(0, 0, 0, arena.allocate(8));
      plane.close();
      String message = assertThrows(TransferFailedException.class, open::await).getMessage();
      assertTrue(message.contains("closed"), message);
      assertThrows(TransferFailedException.class, link.send(0, 0, 0, arena.allocate(8))::await);
      link.revoke();
      link.close();
      assertThrows(IllegalStateException.class, () -> plane.join(alone(plane)));
      assertEquals(Optional.empty(), plane.failure());
    }
    assertEquals(List.of(), entries());
    assertFalse(
        Thread.getAllStackTraces().keySet().stream().anyMatch(t -> t.getName().startsWith("halocline-data-plane")));
  }

  @Test
  void shouldStartAgainOnTheSamePort() {
    DataPlane first = DataPlane.start(settings());
    NodeAddress before = first.address();
    first.close();
    try (DataPlane second = DataPlane.start(settings().withEndpoint("127.0.0.1", before.port()));
        Arena arena = Arena.ofShared()) {
      assertEquals(before.port(), second.address().port());
      assertFalse(before.driver().equals(second.address().driver()));
      Link link = second.join(alone(second));
      Transfer receive = link.receive(0, 0, 0, arena.allocate(8));
      link.send(0, 0, 0, arena.allocate(8)).await();
      receive.await();
    }
  }

  @Test
  void shouldRefuseAPortInUse() {
    try (DataPlane first = DataPlane.start(settings())) {
      int port = first.address().port();
      String message = assertThrows(DataPlaneException.class,
          () -> DataPlane.start(settings().withEndpoint("127.0.0.1", port))).getMessage();
      assertTrue(message.contains("transport.port") && message.contains(Integer.toString(port)), message);
    }
  }

  @Test
  void shouldRefuseADirectoryWithoutSpace() throws IOException {
    DataPlaneSettings small = settings().withTermLengths(16 << 20, 16 << 20).withStorage(_ -> 64 << 20);
    DataPlaneException refused = assertThrows(DataPlaneException.class, () -> DataPlane.start(small));
    DataPlaneException.Problem problem = refused.problems().getFirst();
    assertEquals("transport.directory", problem.key());
    assertTrue(problem.bound().contains("65536 KiB free") && problem.bound().contains("73728 KiB"), problem.bound());
    assertTrue(problem.remedy().contains("shm-size") && problem.remedy().contains("term-length"), problem.remedy());
    assertEquals(List.of(), entries());
  }

  @Test
  void shouldFallBackToADiskDirectory() throws IOException {
    Path memory = Files.createDirectory(directory.resolve("memory"));
    Path disk = Files.createDirectory(directory.resolve("disk"));
    DataPlaneSettings settings = settings().withDirectories(memory, Optional.of(disk))
        .withStorage(d -> d.equals(memory) ? 0 : 1L << 40);
    try (DataPlane plane = DataPlane.start(settings)) {
      assertTrue(Files.isDirectory(DriverDirectory.pathFor(disk, plane.address().port())));
    }
  }

  @Test
  void shouldRemoveDeadDirectoriesAndKeepLiveOnes() throws IOException {
    Path dead = DriverDirectory.pathFor(directory, 1);
    Files.createDirectories(dead);
    Files.writeString(dead.resolve("cnc.dat"), "left by kill -9");
    Path lockOnly = DriverDirectory.pathFor(directory, 2);
    Files.writeString(lockOnly.resolveSibling(lockOnly.getFileName() + ".lock"), "");
    Path foreign = Files.createDirectory(directory.resolve("halocline-somebody.else-3"));
    try (DataPlane first = DataPlane.start(settings()); DataPlane second = DataPlane.start(settings().withSlot(1))) {
      assertFalse(Files.exists(dead));
      assertTrue(Files.exists(foreign));
      assertEquals(5, entries().size(), entries().toString());
      assertTrue(Files.isDirectory(DriverDirectory.pathFor(directory, first.address().port())));
      assertTrue(Files.isDirectory(DriverDirectory.pathFor(directory, second.address().port())));
    }
  }

  @Test
  void shouldRemoveWhatDeadProcessesLeftWithoutStartingAnything() throws IOException {
    Path disk = Files.createDirectory(directory.resolve("disk"));
    Map<Path, Long> left = new TreeMap<>();
    for (Path parent : List.of(directory, disk)) {
      Path dead = Files.createDirectories(DriverDirectory.pathFor(parent, 3));
      Files.writeString(dead.resolve("cnc.dat"), "left by kill -9");
      left.put(dead, 15L);
    }
    Path link = Files.createSymbolicLink(DriverDirectory.pathFor(directory, 4), disk);
    DataPlaneSettings settings = settings().withDirectories(directory, Optional.of(disk));
    try (DataPlane live = DataPlane.start(settings().withSlot(1))) {
      Path kept = DriverDirectory.pathFor(directory, live.address().port());
      assertFalse(Files.exists(DriverDirectory.pathFor(directory, 3)), "a data plane removes them when it starts");
      Files.createDirectories(DriverDirectory.pathFor(directory, 3));
      Files.writeString(DriverDirectory.pathFor(directory, 3).resolve("cnc.dat"), "left by kill -9");
      assertEquals(left, DataPlane.removeDead(settings));
      assertEquals(Map.of(), DataPlane.removeDead(settings));
      assertTrue(Files.isDirectory(kept) && Files.isSymbolicLink(link) && Files.isDirectory(disk));
    }
  }

  @Test
  void shouldLeaveADirectoryToItsOwnerWhileOthersLookForDeadOnes() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    try (ExecutorService sweepers = Executors.newFixedThreadPool(2)) {
      for (int i = 0; i < 2; i++)
        sweepers.submit(() -> {
          while (!done.get())
            DriverDirectory.removeDead(directory);
        });
      try {
        for (int round = 0; round < 50; round++) {
          Files.createDirectories(DriverDirectory.pathFor(directory, 7));
          try (DriverDirectory own = DriverDirectory.claim(directory, 7).orElseThrow()) {
            Path file = Files.writeString(Files.createDirectories(own.path()).resolve("cnc.dat"), "lives");
            assertEquals(Map.of(), DriverDirectory.removeDead(directory));
            assertTrue(Files.exists(file), "round " + round);
          }
        }
      } finally {
        done.set(true);
      }
    }
  }

  @Test
  void shouldChooseAnotherPortWhereNoneWasAskedFor() throws IOException {
    try (DataPlane first = DataPlane.start(settings())) {
      DataPlaneSettings same = settings().withSlot(1).withEndpoint("127.0.0.1", first.address().port());
      assertEquals("transport.port",
          assertThrows(DataPlaneException.class, () -> DataPlane.start(same)).problems().getFirst().key());
      try (DataPlane other = DataPlane.start(same.withEndpoint("127.0.0.1", 0))) {
        assertNotEquals(first.address().port(), other.address().port());
      }
    }
  }

  @Test
  void shouldReportEverySettingThatIsWrong() {
    DataPlaneSettings wrong = settings().withSlot(-1).withEndpoint("a b", 70_000).withTermLengths(1000, 3 << 20)
        .withUdp(1409, 1 << 20, 2 << 20)
        .withPlannedNodes(0);
    List<String> keys = assertThrows(DataPlaneException.class, () -> DataPlane.start(wrong)).problems().stream()
        .map(DataPlaneException.Problem::key).toList();
    for (String key : List.of("slot", "host", "port", "ipc-term-length", "udp-term-length", "mtu", "receiver-window",
        "planned-nodes"))
      assertTrue(keys.contains("transport." + key), key + " in " + keys);
  }

  @Test
  void shouldRefuseAnExternalDriverThatDoesNotRun() {
    String message = assertThrows(DataPlaneException.class,
        () -> DataPlane.start(settings().withExternalDriver(directory.resolve("none")))).getMessage();
    assertTrue(message.contains("transport.external-driver"), message);
  }

  @Test
  void shouldFailOpenTransfersWhenTheDriverIsGone() {
    MediaDriver driver = MediaDriver
        .launch(new MediaDriver.Context().aeronDirectoryName(directory.resolve("external").toString())
            .threadingMode(ThreadingMode.SHARED).driverTimeoutMs(1000).dirDeleteOnShutdown(true));
    try (DataPlane plane = DataPlane.start(settings().withExternalDriver(driver.context().aeronDirectory().toPath()));
        Arena arena = Arena.ofShared()) {
      Link link = plane.join(alone(plane));
      Transfer open = link.receive(0, 0, 0, arena.allocate(8));
      driver.close();
      assertThrows(TransferFailedException.class, open::await);
      Waiting.until("the end of the data plane", () -> plane.failure().isPresent());
      Transfer late = link.send(0, 0, 0, arena.allocate(8));
      assertThrows(TransferFailedException.class, late::await);
      link.revoke();
      assertThrows(IllegalStateException.class, () -> plane.join(new DomainMember(2, 0, List.of(plane.address()))));
    }
  }

  @Test
  void shouldWriteAddressesAndRefuseWhatIsNone() {
    assertEquals("65535@node-7.cluster:65535/0123456789abcdef",
        new NodeAddress(65535, "0123456789abcdef", "node-7.cluster", 65535).toString());
    assertEquals("3@[fe80::1]:40123/ff", new NodeAddress(3, "ff", "fe80::1", 40123).toString());
    for (int port : new int[]{0, 99999})
      assertThrows(IllegalArgumentException.class, () -> new NodeAddress(1, "ff", "host", port));
    for (String host : List.of("", "ho st", "[host", "a/b"))
      assertThrows(IllegalArgumentException.class, () -> new NodeAddress(1, "ff", host, 1), host);
    for (String driver : List.of("", "xyz", "0123456789abcdef0"))
      assertThrows(IllegalArgumentException.class, () -> new NodeAddress(1, driver, "host", 1), driver);
    assertThrows(IllegalArgumentException.class, () -> new NodeAddress(99999, "ff", "host", 1));
  }
}
