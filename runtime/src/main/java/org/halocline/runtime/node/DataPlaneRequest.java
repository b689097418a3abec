package org.halocline.runtime.node;

import java.nio.file.Path;
import java.util.Optional;
import org.halocline.runtime.config.Settings;
import org.halocline.transport.DataPlaneSettings;
import org.halocline.transport.wire.Checksum;

/**
 * What a user asks of a node's data plane, the block {@code transport} of its file; what is left out stays as it is. Host and ports are
 * the node's own. A job may change none of it.
 *
 * @param mtu
 *          bytes of the largest UDP datagram
 * @param udpTermLength
 *          bytes of a term between nodes
 * @param ipcTermLength
 *          bytes of a term between ranks of a node
 * @param socketBuffer
 *          bytes of each UDP socket's buffer
 * @param receiverWindow
 *          bytes that a sender may be ahead of a receiver
 * @param plannedNodes
 *          nodes that the check of space reckons with
 * @param checksum
 *          of frames; alike on all nodes
 * @param directory
 *          of the media driver's files
 * @param fallbackDirectory
 *          of them where the first lacks space
 * @param externalDriver
 *          directory of a media driver that runs already
 */
public record DataPlaneRequest(Optional<Integer> mtu, Optional<Integer> udpTermLength,
    Optional<Integer> ipcTermLength, Optional<Integer> socketBuffer, Optional<Integer> receiverWindow,
    Optional<Integer> plannedNodes, Optional<Checksum> checksum, Optional<Path> directory,
    Optional<Path> fallbackDirectory, Optional<Path> externalDriver) {

  /** Nothing. */
  public static DataPlaneRequest none() {
    return new DataPlaneRequest(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** What a block {@code transport} says; what is wrong with it becomes a problem of the file. */
  public static DataPlaneRequest read(Settings block) {
    return new DataPlaneRequest(size(block, "mtu"), size(block, "udp-term-length"), size(block, "ipc-term-length"),
        size(block, "socket-buffer"), size(block, "receiver-window"), size(block, "planned-nodes"),
        block.choice("checksum", Checksum.class), block.path("directory"), block.path("fallback-directory"),
        block.path("external-driver"));
  }

  private static Optional<Integer> size(Settings block, String key) {
    return block.integer(key, 0, Integer.MAX_VALUE);
  }

  /** The settings with what was asked for; {@link DataPlaneSettings#validate} judges them. */
  public DataPlaneSettings on(DataPlaneSettings base) {
    DataPlaneSettings asked = base
        .withUdp(mtu.orElse(base.mtu()), socketBuffer.orElse(base.socketBuffer()),
            receiverWindow.or(() -> socketBuffer.map(most -> Math.min(most, base.receiverWindow())))
                .orElse(base.receiverWindow()))
        .withTermLengths(ipcTermLength.orElse(base.ipcTermLength()), udpTermLength.orElse(base.udpTermLength()))
        .withPlannedNodes(plannedNodes.orElse(base.plannedNodes()))
        .withProtection(base.protection().withChecksum(checksum.orElse(base.protection().checksum())))
        .withDirectories(directory.orElse(base.directory()), fallbackDirectory.or(base::fallbackDirectory));
    return externalDriver.map(asked::withExternalDriver).orElse(asked);
  }
}
