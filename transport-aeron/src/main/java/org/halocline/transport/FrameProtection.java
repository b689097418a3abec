package org.halocline.transport;

import java.util.Optional;

/**
 * What guards a node's frames besides the tokens of their domains; alike on all nodes of a cluster.
 *
 * @param secret only streams of nodes that know it are let in; empty lets in every stream that reaches the port
 */
public record FrameProtection(Checksum checksum, Optional<SharedSecret> secret) {
  public static FrameProtection none() {
    return new FrameProtection(Checksum.NONE, Optional.empty());
  }

  public FrameProtection withChecksum(Checksum value) {
    return new FrameProtection(value, secret);
  }

  public FrameProtection withSecret(SharedSecret value) {
    return new FrameProtection(checksum, Optional.of(value));
  }
}
