package org.halocline.ops.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Memory as the files of made-up machines and containers tell it. */
@Timeout(300)
class HostMemoryTest {
  private static final long MIB = 1L << 20;
  private static final long TOTAL = 16_000 * MIB;
  private static final long AVAILABLE = 9_000 * MIB;

  @TempDir
  Path root;
  private Path proc;
  private Path cgroups;

  @BeforeEach
  void makeMachine() throws IOException {
    proc = Files.createDirectories(root.resolve("proc/self")).getParent();
    cgroups = Files.createDirectories(root.resolve("cgroup"));
    write(proc.resolve("meminfo"),
        "MemTotal:       " + (TOTAL >> 10) + " kB\nMemFree:         1000 kB\nMemAvailable:   "
            + (AVAILABLE >> 10) + " kB\n");
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void group(String line) throws IOException {
    write(proc.resolve("self/cgroup"), line + "\n");
  }

  private HostMemory read() {
    return HostMemory.read(proc, cgroups, 5, 3);
  }

  @Test
  void shouldBelieveTheKernelWhereNothingConfines() {
    assertEquals(new HostMemory(TOTAL, AVAILABLE), read());
  }

  @Test
  void shouldFallBackWhereTheKernelSaysNothing() throws IOException {
    Files.delete(proc.resolve("meminfo"));
    assertEquals(new HostMemory(5, 3), read());
  }

  @Test
  void shouldObeyTheLimitOfItsGroup() throws IOException {
    group("0::/jobs/mine");
    write(cgroups.resolve("jobs/mine/memory.max"), 4_000 * MIB + "\n");
    write(cgroups.resolve("jobs/mine/memory.current"), 1_500 * MIB + "\n");
    assertEquals(new HostMemory(4_000 * MIB, 2_500 * MIB), read());
  }

  @Test
  void shouldCountTheUnusedCacheAsFree() throws IOException {
    group("0::/mine");
    write(cgroups.resolve("mine/memory.max"), 4_000 * MIB + "\n");
    write(cgroups.resolve("mine/memory.current"), 3_900 * MIB + "\n");
    write(cgroups.resolve("mine/memory.stat"), "anon 1\ninactive_file " + 3_000 * MIB + "\nactive_file 7\n");
    assertEquals(new HostMemory(4_000 * MIB, 3_100 * MIB), read());
  }

  @Test
  void shouldObeyTheTightestGroupAboveIt() throws IOException {
    group("0::/a/b/c");
    write(cgroups.resolve("a/memory.max"), 3_000 * MIB + "\n");
    write(cgroups.resolve("a/memory.current"), 100 * MIB + "\n");
    write(cgroups.resolve("a/b/memory.max"), "max\n");
    write(cgroups.resolve("a/b/memory.current"), "12\n");
    write(cgroups.resolve("a/b/c/memory.max"), 5_000 * MIB + "\n");
    write(cgroups.resolve("a/b/c/memory.current"), 4_900 * MIB + "\n");
    assertEquals(new HostMemory(3_000 * MIB, 100 * MIB), read());
  }

  @Test
  void shouldFindTheLimitOfAContainerWhoseGroupLiesElsewhereOnTheHost() throws IOException {
    group("0::/system.slice/docker-0123.scope");
    write(cgroups.resolve("memory.max"), 2_000 * MIB + "\n");
    write(cgroups.resolve("memory.current"), 500 * MIB + "\n");
    assertEquals(new HostMemory(2_000 * MIB, 1_500 * MIB), read());
  }

  @Test
  void shouldObeyTheLimitOfVersionOne() throws IOException {
    group("12:cpu,cpuacct:/other\n4:memory:/mine\n1:name=systemd:/mine");
    write(cgroups.resolve("memory/mine/memory.limit_in_bytes"), 4_000 * MIB + "\n");
    write(cgroups.resolve("memory/mine/memory.usage_in_bytes"), 3_000 * MIB + "\n");
    write(cgroups.resolve("memory/mine/memory.stat"),
        "inactive_file 1\ntotal_inactive_file " + 2_000 * MIB + "\n");
    assertEquals(new HostMemory(4_000 * MIB, 3_000 * MIB), read());
  }

  @ParameterizedTest
  @ValueSource(strings = {"9223372036854771712", "18446744073709551615"})
  void shouldTakeVersionOnesLargestNumbersForNoLimit(String unlimited) throws IOException {
    group("4:memory:/mine");
    write(cgroups.resolve("memory/mine/memory.limit_in_bytes"), unlimited + "\n");
    write(cgroups.resolve("memory/mine/memory.usage_in_bytes"), "1000\n");
    assertEquals(new HostMemory(TOTAL, AVAILABLE), read());
  }

  @Test
  void shouldSayZeroWhereTheGroupIsFull() throws IOException {
    group("0::/mine");
    write(cgroups.resolve("mine/memory.max"), "1000\n");
    write(cgroups.resolve("mine/memory.current"), "5000\n");
    assertEquals(new HostMemory(1000, 0), read());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0::", "0:", "nonsense", "0::/../../elsewhere", "4:memory:", "4:memory:relative"})
  void shouldPassOverGroupsThatItCannotRead(String line) throws IOException {
    group(line);
    assertEquals(new HostMemory(TOTAL, AVAILABLE), read());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "much\n", "-1\n", "12 MiB\n", "99999999999999999999\n"})
  void shouldPassOverLimitsThatAreNoNumbers(String limit) throws IOException {
    group("0::/mine");
    write(cgroups.resolve("mine/memory.max"), limit);
    assertEquals(new HostMemory(TOTAL, AVAILABLE), read());
  }

  @ParameterizedTest
  @ValueSource(strings = {"inactive_file", "inactive_file ", "inactive_file much",
      "inactive_file 99999999999999999999"})
  void shouldCountNoCacheWhereItsLineIsBroken(String line) throws IOException {
    group("0::/mine");
    write(cgroups.resolve("mine/memory.max"), "4000\n");
    write(cgroups.resolve("mine/memory.current"), "3000\n");
    write(cgroups.resolve("mine/memory.stat"), line + "\n");
    assertEquals(new HostMemory(4000, 1000), read());
  }

  @ParameterizedTest
  @ValueSource(strings = {"MemTotal:\nMemAvailable: kB\n", "MemTotal: 99999999999999999999 kB\n", "nonsense"})
  void shouldFallBackWhereTheKernelsNumbersAreBroken(String meminfo) throws IOException {
    write(proc.resolve("meminfo"), meminfo);
    assertEquals(new HostMemory(5, 3), read());
  }

  @Test
  void shouldKnowThisMachine() {
    HostMemory now = HostMemory.now();
    assertTrue(now.totalBytes() > 256 * MIB && now.availableBytes() <= now.totalBytes(), now::toString);
  }

  @Test
  void shouldRefuseLessThanNothing() {
    assertThrows(IllegalArgumentException.class, () -> new HostMemory(5, -1));
  }
}
