package org.halocline.ops.http;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What proves that a caller may change the state of a cluster. Immutable; never printed. */
public final class AccessToken {
  private final byte[] secret;
  private final byte[] digest;

  private AccessToken(byte[] secret, byte[] digest) {
    this.secret = secret;
    this.digest = digest;
  }

  public static AccessToken of(String secret) {
    if (secret.isBlank())
      throw new IllegalArgumentException("a token is not empty");
    return new AccessToken(secret.getBytes(StandardCharsets.UTF_8), sha256(secret));
  }

  /** Takes the same time for every text. */
  public boolean matches(String given) {
    return MessageDigest.isEqual(digest, sha256(given));
  }

  /**
   * The proof of a port and of a number that is used once; only a holder of the token can make it.
   *
   * @param nonce made by the caller
   */
  public String proof(int port, String nonce) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      return HexFormat.of()
          .formatHex(mac.doFinal(("halocline proof " + port + " " + nonce).getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
    }
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "a token";
  }
}
