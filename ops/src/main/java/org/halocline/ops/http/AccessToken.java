package org.halocline.ops.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** What proves that a caller may change the state of a cluster. Immutable; never printed. */
public final class AccessToken {
  private final byte[] digest;

  private AccessToken(byte[] digest) {
    this.digest = digest;
  }

  public static AccessToken of(String secret) {
    if (secret.isBlank())
      throw new IllegalArgumentException("a token is not empty");
    return new AccessToken(sha256(secret));
  }

  /** Takes the same time whatever is given. */
  public boolean matches(String given) {
    return MessageDigest.isEqual(digest, sha256(given));
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
