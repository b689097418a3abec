package org.halocline.transport.driver;

import io.aeron.ChannelUriStringBuilder;
import io.aeron.CommonContext;
import org.halocline.transport.DataPlaneSettings;
import org.halocline.transport.NodeAddress;

/**
 * The Aeron channels of a node. A node's stream is numbered by its UDP port, which no other node of its machine has; so
 * nodes that share a driver keep apart on {@code aeron:ipc} too.
 *
 * <p>
 * A publication's session carries the node's slot in its low 16 bits. The bits above come from the start time in
 * milliseconds, so that a node which restarts in its slot is not taken for the stream it left behind. They keep clear
 * of the sessions −1 to 1000, which Aeron gives out itself. Where the cluster has a secret, a UDP stream's first term
 * proves it, which {@link GuardedEndpoint} checks.
 */
public record ChannelUris(NodeAddress own, DataPlaneSettings settings, Readiness granted, int session) {
  private static final int MAX_IPC_MTU = 65504;

  public static ChannelUris create(NodeAddress own, DataPlaneSettings settings, Readiness granted, long startMs) {
    int session = (1 + (int) Math.floorMod(startMs, 0x7FFEL)) << 16 | own.slot();
    return new ChannelUris(own, settings, granted, session);
  }

  boolean sharesDriver(NodeAddress peer) {
    return peer.driver().equals(own.driver());
  }

  public String ipcSubscription() {
    return CommonContext.IPC_CHANNEL;
  }

  public String udpSubscription() {
    return udp(NodeAddress.endpoint(settings.bindHost().orElse(own.host()), own.port())).build();
  }

  public String publication(NodeAddress peer) {
    if (sharesDriver(peer)) {
      // The stream is not part of the URI; the tag keeps channels to different nodes apart in our own table.
      return new ChannelUriStringBuilder().media("ipc").sessionId(session).termLength(settings.ipcTermLength())
          .mtu(Math.min(MAX_IPC_MTU, settings.ipcTermLength() / 8)).alias("halocline-" + peer.port()).build();
    }
    ChannelUriStringBuilder uri = udp(peer.endpoint()).sessionId(session).termLength(settings.udpTermLength())
        .mtu(settings.mtu());
    settings.protection().secret()
        .ifPresent(secret -> uri.initialPosition(0, secret.initialTermId(session), settings.udpTermLength()));
    return uri.build();
  }

  private ChannelUriStringBuilder udp(String endpoint) {
    return new ChannelUriStringBuilder().media("udp").endpoint(endpoint).socketSndbufLength(granted.sendBuffer())
        .socketRcvbufLength(granted.receiveBuffer()).receiverWindowLength(granted.receiverWindow());
  }
}
