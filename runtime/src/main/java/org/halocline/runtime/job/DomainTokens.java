package org.halocline.runtime.job;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Gives the domains of one start of a job their tokens, which cannot be guessed: a process that knows a domain's token
 * can send to its ranks. A token goes to the ranks in their assignment, and into no log. Immutable.
 */
public final class DomainTokens {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int KEY_BYTES = 32;

  private final SecretKeySpec key;

  private DomainTokens(byte[] key) {
    this.key = new SecretKeySpec(key, ALGORITHM);
  }

  /** Unlike those of any other start. */
  public static DomainTokens fresh() {
    byte[] key = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(key);
    return new DomainTokens(key);
  }

  /** The same for the same domain. */
  public long of(int domain) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return ByteBuffer.wrap(mac.doFinal(ByteBuffer.allocate(Integer.BYTES).putInt(domain).array())).getLong();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }

  @Override
  public String toString() {
    return "(tokens)";
  }
}
