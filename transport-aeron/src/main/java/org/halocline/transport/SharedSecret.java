package org.halocline.transport;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What the nodes of a cluster know and others do not. It gives every stream a number that only they can compute, so
 * that a node lets in no stream of a stranger. A process that can read the network can read these numbers too: it is no
 * encryption. Immutable; never shown.
 */
public final class SharedSecret {
  private static final String ALGORITHM = "HmacSHA256";

  private final byte[] key;

  private SharedSecret(byte[] key) {
    this.key = key;
  }

  /** From a text that is hard to guess; the secret tells nothing about it. */
  public static SharedSecret of(String text) {
    return new SharedSecret(mac(text.getBytes(StandardCharsets.UTF_8), "data plane".getBytes(StandardCharsets.UTF_8)));
  }

  /** The first term of a session's stream. */
  public int initialTermId(int session) {
    return ByteBuffer.wrap(mac(key, ByteBuffer.allocate(Integer.BYTES).putInt(session).array())).getInt();
  }

  private static byte[] mac(byte[] key, byte[] text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      return mac.doFinal(text);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SharedSecret that && MessageDigest.isEqual(key, that.key);
  }

  @Override
  public int hashCode() {
    return ByteBuffer.wrap(key).getInt();
  }

  @Override
  public String toString() {
    return "(secret)";
  }
}
