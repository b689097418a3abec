package org.halocline.ops.http;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.halocline.runtime.job.Digests;

/** What proves that a caller may change the state of a cluster. Immutable; never printed. */
public final class AccessToken {
  private final String secret;

  private AccessToken(String secret) {
    this.secret = secret;
  }

  public static AccessToken of(String secret) {
    if (secret.isBlank())
      throw new IllegalArgumentException("a token is not empty");
    return new AccessToken(secret);
  }

  /** Takes the same time for every text. */
  public boolean matches(String given) {
    return MessageDigest.isEqual(bytes(Digests.sha256(secret)), bytes(Digests.sha256(given)));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The proof of a port and of a number that is used once; only a holder of the token can make it.
   *
   * @param nonce made by the caller
   */
  public String proof(int port, String nonce) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(bytes(secret), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(bytes("halocline proof " + port + " " + nonce)));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "a token";
  }
}
