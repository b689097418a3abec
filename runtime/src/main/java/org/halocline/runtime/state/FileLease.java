package org.halocline.runtime.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.coordination.lease.LeaseSettings;
import org.apache.pekko.coordination.lease.javadsl.Lease;
import org.halocline.runtime.files.AtomicFiles;
import org.halocline.runtime.files.Ownership;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lease in a shared directory, for Pekko's split brain resolver: of several sides of a partition the one that gets it
 * goes on.
 *
 * <pre>
 * 000007            a tenure: its holder's name, made exclusively; its time is the holder's last heartbeat
 * 000007.released   its holder gave it back
 * now-…             touched by a node that asks, to learn the time of the directory's server
 * </pre>
 *
 * <p>
 * Only the highest tenure counts, and only while it is not released and its heartbeat is younger than the time to live,
 * by the server's clock. Made by Pekko from {@code halocline.lease}; without a directory nothing is ever granted.
 * Thread-safe.
 */
public final class FileLease extends Lease {
  private static final Logger LOG = LoggerFactory.getLogger(FileLease.class);
  private static final String TENURE = "\\d{6}";
  private static final int TENURE_DIGITS = 6;

  private final LeaseSettings settings;
  private final Optional<Path> directory;
  private final Duration timeToLive;
  private final Duration heartbeat;
  private final ExecutorService disk = Executors.newSingleThreadExecutor(Thread.ofVirtual().name("lease").factory());
  private final ScheduledExecutorService beats = Executors
      .newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("lease-heartbeat").factory());
  private volatile int held;
  private volatile long beatNs;
  private volatile Consumer<Optional<Throwable>> lost = _ -> {};

  /** As Pekko makes it. */
  public FileLease(LeaseSettings settings, ExtendedActorSystem system) {
    this(settings);
    system.registerOnTermination((Runnable) this::close);
  }

  FileLease(LeaseSettings settings) {
    this.settings = settings;
    String path = settings.leaseConfig().getString("directory");
    this.directory = path.isEmpty() ? Optional.empty() : Optional.of(Path.of(path).resolve(settings.leaseName()));
    this.timeToLive = settings.leaseConfig().getDuration("heartbeat-timeout");
    this.heartbeat = settings.leaseConfig().getDuration("heartbeat-interval");
  }

  @Override
  public LeaseSettings getSettings() {
    return settings;
  }

  @Override
  public CompletionStage<Boolean> acquire() {
    return acquire(_ -> {});
  }

  /** @param leaseLost told when the lease turns out to be another's */
  @Override
  public CompletionStage<Boolean> acquire(Consumer<Optional<Throwable>> leaseLost) {
    if (directory.isEmpty()) {
      LOG.warn("this node has no state directory, so it cannot hold the lease {}", settings.leaseName());
      return CompletableFuture.completedFuture(false);
    }
    return CompletableFuture.supplyAsync(() -> {
      try {
        boolean granted = take(directory.get());
        if (granted)
          lost = leaseLost;
        LOG.info("lease {} is {} to {}", settings.leaseName(), granted ? "granted" : "not granted",
            settings.ownerName());
        return granted;
      } catch (IOException e) {
        LOG.error("lease {} cannot be acquired", settings.leaseName(), e);
        return false;
      }
    }, disk);
  }

  private boolean take(Path folder) throws IOException {
    Files.createDirectories(folder);
    int last = highest(folder);
    if (last > 0 && last == held) {
      touch(folder.resolve(Ownership.text(last)));
      beatNs = System.nanoTime();
      return highest(folder) == held;
    }
    if (last > 0 && isHeld(folder, last))
      return false;
    Path tenure = folder.resolve(Ownership.text(last + 1));
    try {
      Files.createFile(tenure); // without contents it needs no space: a full disk must not end a cluster
    } catch (FileAlreadyExistsException e) {
      return false;
    }
    sign(tenure);
    held = last + 1;
    beatNs = System.nanoTime();
    removeOlder(folder, held);
    schedule(folder, held);
    return true;
  }

  /** For people. */
  private void sign(Path tenure) {
    try {
      Files.writeString(tenure, settings.ownerName() + "\n", StandardOpenOption.WRITE);
    } catch (IOException e) {
      LOG.debug("{} stays without the name of its holder", tenure, e);
    }
  }

  private boolean isHeld(Path folder, int tenure) throws IOException {
    if (Files.exists(folder.resolve(Ownership.text(tenure) + ".released")))
      return false;
    Path probe = folder.resolve("now-" + settings.ownerName().replaceAll("[^A-Za-z0-9.-]", "_"));
    Files.deleteIfExists(probe);
    Files.createFile(probe);
    try {
      long age = Files.getLastModifiedTime(probe).toMillis()
          - Files.getLastModifiedTime(folder.resolve(Ownership.text(tenure))).toMillis();
      return age < timeToLive.toMillis();
    } finally {
      Files.deleteIfExists(probe);
    }
  }

  private void schedule(Path folder, int tenure) {
    beats.schedule(() -> {
      try {
        if (held != tenure)
          return;
        if (highest(folder) != tenure) {
          held = 0;
          LOG.warn("lease {} was lost to another node", settings.leaseName());
          lost.accept(Optional.empty());
          return;
        }
        touch(folder.resolve(Ownership.text(tenure)));
        beatNs = System.nanoTime();
      } catch (IOException | RuntimeException e) {
        LOG.warn("no heartbeat for lease {}: {}", settings.leaseName(), e.toString());
      }
      schedule(folder, tenure);
    }, heartbeat.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Touches the file by writing its byte again. The directory's server stamps it with the server's time, as it stamps
   * the file to compare with.
   */
  private static void touch(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer first = ByteBuffer.allocate(1);
      if (channel.read(first, 0) == 1)
        channel.write(first.flip(), 0);
      else
        Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis())); // it could not be signed
    }
  }

  @Override
  public CompletionStage<Boolean> release() {
    int tenure = held;
    held = 0;
    if (directory.isEmpty() || tenure == 0)
      return CompletableFuture.completedFuture(true);
    return CompletableFuture.supplyAsync(() -> {
      try {
        Files.createFile(directory.get().resolve(Ownership.text(tenure) + ".released"));
      } catch (FileAlreadyExistsException | NoSuchFileException e) {
        LOG.debug("tenure {} was over already", tenure);
      } catch (IOException e) {
        LOG.warn("lease {} cannot be released; it ends by itself", settings.leaseName(), e);
        return false;
      }
      return true;
    }, disk);
  }

  @Override
  public boolean checkLease() {
    return held != 0 && System.nanoTime() - beatNs < timeToLive.toNanos();
  }

  /** A folder that cannot be listed now, such as of a disk that is away for a moment, is no sign of another holder. */
  private static int highest(Path folder) throws IOException {
    return AtomicFiles.names(folder).stream().filter(name -> name.matches(TENURE)).mapToInt(Integer::parseInt).max()
        .orElse(0);
  }

  private static void removeOlder(Path folder, int tenure) throws IOException {
    for (String name : AtomicFiles.names(folder))
      if (name.matches(TENURE + "(\\.released)?") && Integer.parseInt(name.substring(0, TENURE_DIGITS)) < tenure - 1)
        Files.deleteIfExists(folder.resolve(name));
  }

  void close() {
    beats.shutdownNow();
    disk.shutdown();
  }
}
