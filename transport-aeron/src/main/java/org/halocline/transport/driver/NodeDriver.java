package org.halocline.transport.driver;

import io.aeron.CncFileDescriptor;
import io.aeron.CommonContext;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.IoUtil;
import org.agrona.concurrent.AgentInvoker;
import org.halocline.transport.DataPlaneException;
import org.halocline.transport.DataPlaneException.Problem;
import org.halocline.transport.DataPlaneSettings;
import org.halocline.transport.TrafficMeter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The media driver that a node uses: its own, with the directory that it owns, or one that runs elsewhere. Closing ends
 * the own one and removes its directory.
 */
public record NodeDriver(Path directory, Optional<MediaDriver> embedded, Optional<DriverDirectory> claim)
    implements
      AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeDriver.class);
  private static final long ALIVE_TIMEOUT_MS = 10_000;
  /** How long the process may stand still, suspended or in a long collection, and its own client still lives. */
  private static final long SUSPENSION_NS = TimeUnit.MINUTES.toNanos(30);
  /** Streams from other nodes at once; a stream that has just ended still counts. */
  private static final int MOST_STREAMS = 4096;
  /** The driver's command and counter files, with margin. */
  private static final long FIXED_BYTES = 24L << 20;

  public static NodeDriver external(Path directory) {
    if (!CommonContext.isDriverActive(directory.toFile(), ALIVE_TIMEOUT_MS, text -> LOG.debug("{}", text)))
      throw new DataPlaneException(List.of(new Problem("transport.external-driver", directory.toString(),
          "must be the directory of a running media driver",
          "start the driver first, or leave the key out to start one inside the node")));
    return new NodeDriver(directory, Optional.empty(), Optional.empty());
  }

  public static NodeDriver embedded(DataPlaneSettings settings, Readiness granted, TrafficMeter traffic) {
    DriverDirectory claim = claim(settings, granted.port());
    RateLimitedLog warnings = new RateLimitedLog(LOG, System::nanoTime);
    MediaDriver.Context context = new MediaDriver.Context().aeronDirectoryName(claim.path().toString())
        .dirDeleteOnStart(true).dirDeleteOnShutdown(true)
        .warnIfDirectoryExists(false).threadingMode(ThreadingMode.INVOKER)
        .termBufferSparseFile(false).performStorageChecks(true).ipcTermBufferLength(settings.ipcTermLength())
        .publicationTermBufferLength(settings.udpTermLength()).mtuLength(settings.mtu())
        .initialWindowLength(granted.receiverWindow()).streamSessionLimit(MOST_STREAMS)
        .socketRcvbufLength(granted.receiveBuffer()).socketSndbufLength(granted.sendBuffer())
        .clientLivenessTimeoutNs(SUSPENSION_NS).publicationUnblockTimeoutNs(SUSPENSION_NS + TimeUnit.MINUTES.toNanos(1))
        .errorHandler(e -> warnings.warn("Media driver " + claim.path() + ": " + e));
    settings.protection().secret().ifPresent(
        secret -> context.receiveChannelEndpointSupplier(GuardedEndpoint.supplier(secret, traffic, warnings)));
    try {
      return new NodeDriver(claim.path(), Optional.of(MediaDriver.launch(context)), Optional.of(claim));
    } catch (RuntimeException e) {
      claim.close();
      throw new DataPlaneException(new Problem("transport.directory", claim.path().toString(),
          "the media driver did not start: " + e.getMessage(),
          "check that the directory can be written"), e);
    }
  }

  /**
   * What the logs of the planned nodes need: three terms each, for the own ranks once, for every other node to and
   * from.
   */
  static long requiredBytes(DataPlaneSettings settings) {
    return FIXED_BYTES + 3L * settings.ipcTermLength() + 6L * settings.udpTermLength() * (settings.plannedNodes() - 1);
  }

  private static List<Path> parents(DataPlaneSettings settings) {
    List<Path> parents = new ArrayList<>(List.of(settings.directory()));
    settings.fallbackDirectory().filter(fallback -> !fallback.equals(settings.directory())).ifPresent(parents::add);
    return parents;
  }

  /** Why no directory can hold the driver's files; empty where one can. */
  public static List<Problem> lackOfSpace(DataPlaneSettings settings) {
    List<Problem> problems = new ArrayList<>();
    for (Path parent : parents(settings)) {
      Optional<Problem> problem = unfit(settings, parent);
      if (problem.isEmpty())
        return List.of();
      problems.add(problem.get());
    }
    return problems;
  }

  private static Optional<Problem> unfit(DataPlaneSettings settings, Path parent) {
    String key = parent.equals(settings.directory()) ? "transport.directory" : "transport.fallback-directory";
    if (!Files.isDirectory(parent) || !Files.isWritable(parent))
      return Optional.of(new Problem(key, parent.toString(), "must be a directory that can be written",
          "create it or name another"));
    try {
      long required = requiredBytes(settings);
      long usable = settings.storage().usableBytes(parent);
      return usable >= required
          ? Optional.empty()
          : Optional.of(new Problem(key, parent.toString(),
              "has " + (usable >> 10) + " KiB free, but the media driver's logs need " + (required >> 10) + " KiB",
              "free or enlarge it (docker run --shm-size), name another directory, or lower ipc-term-length and "
                  + "udp-term-length"));
    } catch (IOException e) {
      return Optional.of(new Problem(key, parent.toString(), "cannot be used: " + e, "name another directory"));
    }
  }

  /** What dead processes of this user have left where these settings would put a driver. */
  public static Map<Path, Long> removeDead(DataPlaneSettings settings) {
    Map<Path, Long> removed = new TreeMap<>();
    parents(settings).stream().filter(Files::isDirectory).map(DriverDirectory::removeDead).forEach(removed::putAll);
    return removed;
  }

  private static DriverDirectory claim(DataPlaneSettings settings, int port) {
    List<Path> parents = parents(settings);
    removeDead(settings);
    List<Problem> problems = new ArrayList<>();
    for (Path parent : parents) {
      Optional<Problem> problem = unfit(settings, parent);
      if (problem.isPresent()) {
        problems.add(problem.get());
        continue;
      }
      try {
        Optional<DriverDirectory> claim = DriverDirectory.claim(parent, port);
        if (claim.isPresent()) {
          problems.forEach(why -> LOG.warn("{}. Using {} instead", why, claim.get().path()));
          return claim.get();
        }
        throw new DataPlaneException(List.of(new Problem("transport.port", Integer.toString(port),
            "a running data plane of this user holds " + DriverDirectory.pathFor(parent, port),
            "choose another port or stop that process")));
      } catch (IOException e) {
        problems.add(new Problem("transport.directory", parent.toString(), "cannot be used: " + e,
            "name another directory"));
      }
    }
    throw new DataPlaneException(problems);
  }

  /** The driver's duty cycle, when it is for this process to run. */
  public Optional<AgentInvoker> dutyCycle() {
    return embedded.map(MediaDriver::sharedAgentInvoker);
  }

  /**
   * A number that two nodes share exactly when they use the same running driver: from the command file's identity, the
   * driver's process and the time it started.
   */
  public String identity() {
    Path file = directory.resolve(CncFileDescriptor.CNC_FILE);
    try {
      var mapped = IoUtil.mapExistingFile(file.toFile(), "driver command file");
      try {
        var fields = CncFileDescriptor.createMetaDataBuffer(mapped);
        Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        return hash(hostName() + '\n' + file.toRealPath() + '\n' + key + '\n' + CncFileDescriptor.pid(fields) + '\n'
            + CncFileDescriptor.startTimestampMs(fields));
      } finally {
        IoUtil.unmap(mapped);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String hostName() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException e) {
      return "";
    }
  }

  /** FNV-1a, 64 bits. */
  private static String hash(String text) {
    long h = 0xcbf29ce484222325L;
    for (byte b : text.getBytes(StandardCharsets.UTF_8))
      h = (h ^ b & 0xFF) * 0x100000001b3L;
    return Long.toHexString(h);
  }

  @Override
  public void close() {
    CloseHelper.closeAll(embedded.orElse(null), claim.orElse(null));
  }
}
