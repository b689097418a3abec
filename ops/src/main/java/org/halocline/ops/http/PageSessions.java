package org.halocline.ops.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The browsers that may change state. A caller with the token asks for a key; a browser that brings the key, once and
 * soon, gets a session, which it keeps in a cookie. Neither is the token, and both end with the node. Thread-safe.
 */
final class PageSessions {
  static final Duration KEY_LIVES = Duration.ofMinutes(10);
  static final Duration SESSION_LIVES = Duration.ofHours(12);
  private static final int MOST = 256;
  private static final int BYTES = 32;

  private final Clock clock;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Pass> keys = new LinkedHashMap<>();
  private final Map<String, Pass> sessions = new LinkedHashMap<>();

  /** A key or a session lasts until its end. The seal is a session's. */
  private record Pass(Instant end, String seal) {}

  /**
   * @param id for the cookie
   * @param seal for the page, which must show it where it wants more than to read
   */
  record Session(String id, String seal) {}

  PageSessions(Clock clock) {
    this.clock = clock;
  }

  /** A key that opens one session. */
  synchronized String newKey() {
    return add(keys, KEY_LIVES);
  }

  /** Takes a key and gives a session; empty where the key is unknown, used or old. */
  synchronized Optional<Session> open(String key) {
    boolean good = isAlive(keys, key);
    keys.remove(key);
    return good ? Optional.of(newSession()) : Optional.empty();
  }

  /** A session for a caller that has shown the token. */
  synchronized Session newSession() {
    String id = add(sessions, SESSION_LIVES);
    return new Session(id, sessions.get(id).seal);
  }

  /** What is compared is found by its hash, of 256 random bits: its time tells nothing. */
  synchronized boolean isOpen(String session) {
    return isAlive(sessions, session);
  }

  synchronized boolean isOpen(String session, String seal) {
    return isAlive(sessions, session) && MessageDigest.isEqual(
        sessions.get(session).seal.getBytes(StandardCharsets.UTF_8), seal.getBytes(StandardCharsets.UTF_8));
  }

  synchronized void close(String session) {
    sessions.remove(session);
  }

  private boolean isAlive(Map<String, Pass> map, String secret) {
    return map.containsKey(secret) && clock.instant().isBefore(map.get(secret).end);
  }

  private String add(Map<String, Pass> map, Duration lives) {
    Instant now = clock.instant();
    map.values().removeIf(pass -> !now.isBefore(pass.end));
    while (map.size() >= MOST)
      map.remove(map.keySet().iterator().next());
    String secret = secret();
    map.put(secret, new Pass(now.plus(lives), secret()));
    return secret;
  }

  private String secret() {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
