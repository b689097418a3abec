package org.halocline.ops.client;

import java.net.URI;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.halocline.ops.http.AccessToken;

/**
 * Has a node show that it knows the cluster's token before it is sent it: a stranger that listens at the address learns
 * nothing. A node answers for its own port, so that no stranger can hand the question on to it; where a user has named
 * the address, which may lead through a tunnel to another port, that is not asked for.
 */
final class TokenProof {
  private static final int BYTES = 32;
  private final AccessToken token;
  private final String nonce;

  TokenProof(String secret) {
    byte[] random = new byte[BYTES];
    new SecureRandom().nextBytes(random);
    this.token = AccessToken.of(secret);
    this.nonce = HexFormat.of().formatHex(random);
  }

  /** To be asked for. */
  String path() {
    return "/proof/" + nonce;
  }

  /**
   * @param address that was asked
   * @param tunnelled whether the node may listen on another port than the address has
   */
  boolean holds(URI address, boolean tunnelled, int port, String proof) {
    return (tunnelled || port == address.getPort()) && proof.equals(token.proof(port, nonce));
  }
}
