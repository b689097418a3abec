package org.halocline.transport;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.halocline.transport.DataPlaneException.Problem;

/**
 * Settings of a node's data plane. Immutable; {@link #defaults} and the {@code with} methods make them,
 * {@link #validate} judges them. Keys in error messages are the dashed names under {@code transport}.
 *
 * @param slot number of the node in its cluster, 0 to 65535, different for every node
 * @param host address to listen on and to tell peers. The default, 127.0.0.1, is reachable from this machine only
 * @param bindHost address to listen on, where that is not the one that peers are told, as in a container
 * @param port UDP port; 0 takes a free one
 * @param externalDriver directory of a media driver that runs already; empty starts one inside this process
 * @param directory where the embedded driver's directory goes: memory, as a rule
 * @param fallbackDirectory where it goes when {@code directory} lacks space
 * @param ipcTermLength bytes of one term between ranks on one driver: a power of two from 64 KiB to 1 GiB. A log has
 * three terms. The default, 1 MiB, keeps the log in cache, which is worth a factor of two over 16 MiB; an external
 * driver wants 16 MiB, as its thread moves the window less often
 * @param udpTermLength bytes of one term towards and from each other node: the same rule
 * @param mtu largest UDP datagram, a multiple of 32 from 1408 to 65504; at most 8192 on real Ethernet
 * @param socketBuffer bytes of each socket buffer; the kernel's limit lowers it, with a warning
 * @param receiverWindow bytes a UDP sender may be ahead of the receiver; at most the socket buffer and half a term
 * @param plannedNodes nodes that the space check reckons with, this one included
 * @param protection what guards the frames; alike on all nodes
 * @param shake seed for a deliberately disorderly delivery, for tests: frames are cut, sent and delivered in random
 * order
 * @param storage how the space check measures
 */
public record DataPlaneSettings(int slot, String host, Optional<String> bindHost, int port,
    Optional<Path> externalDriver, Path directory, Optional<Path> fallbackDirectory, int ipcTermLength,
    int udpTermLength, int mtu, int socketBuffer, int receiverWindow, int plannedNodes, FrameProtection protection,
    OptionalLong shake, StorageProbe storage) {

  private static final int MIN_TERM = 64 << 10;
  private static final int MAX_TERM = 1 << 30;
  private static final int MIN_MTU = 1408;
  private static final int MAX_MTU = 65504;

  /**
   * One node that talks to itself only: slot 0, loopback, any free port, an embedded driver in /dev/shm with the
   * temporary directory as fallback.
   */
  public static DataPlaneSettings defaults() {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    Path memory = Path.of("/dev/shm");
    return new DataPlaneSettings(0, "127.0.0.1", Optional.empty(), 0, Optional.empty(),
        Files.isDirectory(memory) ? memory : temporary,
        Optional.of(temporary), 1 << 20, 16 << 20, 8192, 2 << 20, 2 << 20, 1, FrameProtection.none(),
        OptionalLong.empty(),
        StorageProbe.fileSystem());
  }

  public DataPlaneSettings withSlot(int value) {
    return new DataPlaneSettings(value, host, bindHost, port, externalDriver, directory, fallbackDirectory,
        ipcTermLength, udpTermLength, mtu, socketBuffer, receiverWindow, plannedNodes, protection, shake, storage);
  }

  public DataPlaneSettings withEndpoint(String newHost, int newPort) {
    return new DataPlaneSettings(slot, newHost, bindHost, newPort, externalDriver, directory, fallbackDirectory,
        ipcTermLength, udpTermLength, mtu, socketBuffer, receiverWindow, plannedNodes, protection, shake, storage);
  }

  public DataPlaneSettings withBindHost(String value) {
    return new DataPlaneSettings(slot, host, Optional.of(value), port, externalDriver, directory, fallbackDirectory,
        ipcTermLength, udpTermLength, mtu, socketBuffer, receiverWindow, plannedNodes, protection, shake, storage);
  }

  public DataPlaneSettings withExternalDriver(Path value) {
    return new DataPlaneSettings(slot, host, bindHost, port, Optional.of(value), directory, fallbackDirectory,
        ipcTermLength, udpTermLength, mtu, socketBuffer, receiverWindow, plannedNodes, protection, shake, storage);
  }

  public DataPlaneSettings withDirectories(Path newDirectory, Optional<Path> newFallback) {
    return new DataPlaneSettings(slot, host, bindHost, port, externalDriver, newDirectory, newFallback, ipcTermLength,
        udpTermLength, mtu, socketBuffer, receiverWindow, plannedNodes, protection, shake, storage);
  }

  public DataPlaneSettings withTermLengths(int ipc, int udp) {
    return new DataPlaneSettings(slot, host, bindHost, port, externalDriver, directory, fallbackDirectory, ipc, udp,
        mtu, socketBuffer, receiverWindow, plannedNodes, protection, shake, storage);
  }

  public DataPlaneSettings withUdp(int newMtu, int newSocketBuffer, int newReceiverWindow) {
    return new DataPlaneSettings(slot, host, bindHost, port, externalDriver, directory, fallbackDirectory,
        ipcTermLength, udpTermLength, newMtu, newSocketBuffer, newReceiverWindow, plannedNodes, protection, shake,
        storage);
  }

  public DataPlaneSettings withPlannedNodes(int value) {
    return new DataPlaneSettings(slot, host, bindHost, port, externalDriver, directory, fallbackDirectory,
        ipcTermLength, udpTermLength, mtu, socketBuffer, receiverWindow, value, protection, shake, storage);
  }

  public DataPlaneSettings withProtection(FrameProtection value) {
    return new DataPlaneSettings(slot, host, bindHost, port, externalDriver, directory, fallbackDirectory,
        ipcTermLength, udpTermLength, mtu, socketBuffer, receiverWindow, plannedNodes, value, shake, storage);
  }

  public DataPlaneSettings withShake(long seed) {
    return new DataPlaneSettings(slot, host, bindHost, port, externalDriver, directory, fallbackDirectory,
        ipcTermLength, udpTermLength, mtu, socketBuffer, receiverWindow, plannedNodes, protection,
        OptionalLong.of(seed), storage);
  }

  public DataPlaneSettings withStorage(StorageProbe value) {
    return new DataPlaneSettings(slot, host, bindHost, port, externalDriver, directory, fallbackDirectory,
        ipcTermLength, udpTermLength, mtu, socketBuffer, receiverWindow, plannedNodes, protection, shake, value);
  }

  /** Every problem of these settings, empty when there is none. Looks at the values alone, not at the machine. */
  public List<Problem> validate() {
    List<Problem> problems = new ArrayList<>();
    range(problems, "transport.slot", slot, 0, NodeAddress.MAX_SLOT);
    range(problems, "transport.port", port, 0, 0xFFFF);
    term(problems, "transport.ipc-term-length", ipcTermLength);
    term(problems, "transport.udp-term-length", udpTermLength);
    range(problems, "transport.mtu", mtu, MIN_MTU, MAX_MTU);
    if (mtu % 32 != 0)
      problems.add(new Problem("transport.mtu", Integer.toString(mtu), "must be a multiple of 32",
          "set it to " + Math.clamp(mtu / 32 * 32, MIN_MTU, MAX_MTU)));
    if (mtu > udpTermLength / 2)
      problems.add(new Problem("transport.mtu", Integer.toString(mtu),
          "must be at most half of udp-term-length = " + udpTermLength, "raise the term length"));
    range(problems, "transport.planned-nodes", plannedNodes, 1, NodeAddress.MAX_SLOT + 1);
    range(problems, "transport.socket-buffer", socketBuffer, MAX_MTU, MAX_TERM);
    range(problems, "transport.receiver-window", receiverWindow, MAX_MTU, Math.min(socketBuffer, MAX_TERM));
    host(problems, "transport.host", host);
    bindHost.ifPresent(bound -> host(problems, "transport.bind-host", bound));
    return problems;
  }

  private static void host(List<Problem> problems, String key, String value) {
    if (!NodeAddress.isHost(value))
      problems.add(new Problem(key, "'" + value + "'", "must be a host name or address",
          "name an address of this machine"));
  }

  private static void range(List<Problem> problems, String key, int value, int low, int high) {
    if (value < low || value > high)
      problems.add(new Problem(key, Integer.toString(value), "must be from " + low + " to " + high,
          "choose a value in that range"));
  }

  private static void term(List<Problem> problems, String key, int value) {
    if (value < MIN_TERM || value > MAX_TERM || Integer.bitCount(value) != 1)
      problems.add(new Problem(key, Integer.toString(value),
          "must be a power of two from " + MIN_TERM + " to " + MAX_TERM,
          "1048576 for ipc-term-length and 16777216 for udp-term-length are known to work well"));
  }
}
