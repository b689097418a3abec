package org.halocline.transport.driver;

import io.aeron.driver.DataPacketDispatcher;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ReceiveChannelEndpointSupplier;
import io.aeron.driver.media.ReceiveChannelEndpoint;
import io.aeron.driver.media.UdpChannel;
import io.aeron.protocol.DataHeaderFlyweight;
import io.aeron.protocol.SetupFlyweight;
import java.net.InetSocketAddress;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.halocline.transport.SharedSecret;
import org.halocline.transport.TrafficMeter;

/**
 * The node's UDP port, which lets in streams of nodes that know the cluster's secret: a SETUP frame must begin with the
 * term that only they can compute, and the stream's data must come from where its SETUP came from. So a stranger's
 * datagrams make no image, which would be three terms of memory for ten seconds, and get into none. What is refused is
 * counted. Owned by the driver's thread.
 */
final class GuardedEndpoint extends ReceiveChannelEndpoint {
  private final SharedSecret secret;
  private final TrafficMeter traffic;
  private final RateLimitedLog warnings;
  private final Int2ObjectHashMap<InetSocketAddress> sources = new Int2ObjectHashMap<>();

  private GuardedEndpoint(UdpChannel channel, DataPacketDispatcher dispatcher, AtomicCounter status,
      MediaDriver.Context context, SharedSecret secret, TrafficMeter traffic, RateLimitedLog warnings) {
    super(channel, dispatcher, status, context);
    this.secret = secret;
    this.traffic = traffic;
    this.warnings = warnings;
  }

  static ReceiveChannelEndpointSupplier supplier(SharedSecret secret, TrafficMeter traffic, RateLimitedLog warnings) {
    return (channel, dispatcher, status, context) -> new GuardedEndpoint(channel, dispatcher, status, context, secret,
        traffic, warnings);
  }

  @Override
  public void onSetupMessage(SetupFlyweight header, UnsafeBuffer buffer, int length, InetSocketAddress source,
      int transportIndex) {
    if (length < SetupFlyweight.HEADER_LENGTH
        || header.initialTermId() != secret.initialTermId(header.sessionId())) {
      traffic.reject();
      warnings.warn("a stream from " + source + " was refused: it comes from no node of this cluster, or from one "
          + "with another state directory");
      return;
    }
    InetSocketAddress known = sources.putIfAbsent(header.sessionId(), source);
    if (known != null && !known.equals(source)) {
      traffic.reject(); // a stranger sends a SETUP that it has overheard
      return;
    }
    super.onSetupMessage(header, buffer, length, source, transportIndex);
  }

  @Override
  public int onDataPacket(DataHeaderFlyweight header, UnsafeBuffer buffer, int length, InetSocketAddress source,
      int transportIndex) {
    InetSocketAddress known = length < DataHeaderFlyweight.HEADER_LENGTH ? null : sources.get(header.sessionId());
    if (known != null && !known.equals(source)) {
      traffic.reject();
      return 0;
    }
    // Of a session that is not known it goes no further than to ask its sender for a SETUP.
    return super.onDataPacket(header, buffer, length, source, transportIndex);
  }
}
