package org.halocline.transport.plane;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Deliberate disorder, for tests that nothing depends on the order of delivery: picks which transfer sends next, how
 * much and from which end, and holds back arrived DATA frames to deliver them later in another order. Everything it
 * does is legal for a slow and unordered network. Without a seed it does nothing. Owned by the data plane's thread.
 */
final class Shake {
  private static final int HELD_AT_MOST = 512;

  private final boolean on;
  private final SplittableRandom random;
  private record Held(UnsafeBuffer frame, int session) {}

  private final List<Held> held = new ArrayList<>();

  Shake(OptionalLong seed) {
    on = seed.isPresent();
    random = new SplittableRandom(seed.orElse(0));
  }

  boolean isOn() {
    return on;
  }

  /** Which of {@code count} ready transfers sends next. */
  int pick(int count) {
    return random.nextInt(count);
  }

  /** How many of at most {@code most} bytes go into the next frame. */
  int cut(int most) {
    return random.nextInt(4) == 0 ? most : 1 + random.nextInt(most);
  }

  boolean coin() {
    return random.nextBoolean();
  }

  /** Keeps a copy of the frame for later, or declines. */
  boolean holdBack(DirectBuffer buffer, int offset, int length, int session) {
    if (!on || held.size() >= HELD_AT_MOST || random.nextInt(3) == 0)
      return false;
    byte[] copy = new byte[length];
    buffer.getBytes(offset, copy);
    held.add(new Held(new UnsafeBuffer(copy), session));
    return true;
  }

  boolean holds() {
    return !held.isEmpty();
  }

  /** Delivers a random choice of the frames held back. Returns how many there were before. */
  int deliver(Delivery delivery) {
    int before = held.size();
    for (int i = random.nextInt(before + 1); i > 0; i--) {
      int at = random.nextInt(held.size());
      Held last = held.removeLast();
      Held next = at < held.size() ? held.set(at, last) : last;
      delivery.deliver(next.frame(), next.frame().capacity(), next.session());
    }
    return before;
  }

  /** Takes a frame that was held back. */
  @FunctionalInterface
  interface Delivery {
    void deliver(DirectBuffer frame, int length, int session);
  }
}
