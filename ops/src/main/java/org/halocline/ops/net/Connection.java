package org.halocline.ops.net;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * One connection as the server sees it: it rests, and then owes a request, or its requests are being answered.
 * Thread-safe.
 */
final class Connection {
  private final String peer;
  private final LongSupplier clockNs;
  private final AtomicInteger questions = new AtomicInteger();
  private volatile long restsSinceNs;
  private volatile long movedNs;
  private volatile long sentNs;
  private volatile boolean sending;
  private volatile long bodySinceNs;
  private volatile long bodyBytes;
  private volatile boolean inBody;
  private volatile boolean begun;
  private boolean cut;
  private Optional<Runnable> cutter = Optional.empty();

  Connection(String peer, LongSupplier clockNs) {
    this.peer = peer;
    this.clockNs = clockNs;
    long now = clockNs.getAsLong();
    restsSinceNs = now;
    movedNs = now;
    sentNs = now;
  }

  String peer() {
    return peer;
  }

  /** The head of a request has come. */
  void asked() {
    begun = false;
    questions.incrementAndGet();
  }

  /** All of an answer has been handed over. */
  void answered() {
    restsSinceNs = clockNs.getAsLong();
    questions.decrementAndGet();
  }

  /** The body of a request is to come, or the rest of it. */
  void bodyBegins() {
    bodySinceNs = clockNs.getAsLong();
    bodyBytes = 0;
    inBody = true;
  }

  /** All of the body has come, or the rest is not wanted. */
  void bodyEnds() {
    inBody = false;
  }

  void received(int bytes) {
    bodyBytes += bytes; // by the connection's own thread alone
    begun = true;
    movedNs = clockNs.getAsLong();
  }

  /** The kernel has bytes that it is to send. */
  void sends() {
    sentNs = clockNs.getAsLong();
    sending = true;
  }

  /** It has taken them all. */
  void sent() {
    sending = false;
    sentNs = clockNs.getAsLong();
    movedNs = sentNs;
  }

  /** Whether a part of a request has come, and not its whole head. */
  boolean hasBegun() {
    return begun;
  }

  /** Whether it owes a request. */
  boolean rests() {
    return questions.get() == 0 && !sending;
  }

  /** The time since when it owes a request, or has read nothing of what is there. */
  long sinceNs() {
    return sending ? sentNs : Math.max(restsSinceNs, sentNs);
  }

  /** How long the first part of a body has been on its way; 0 where none is, or it has brought more than so much. */
  long owesBodyNs(long bytes) {
    return inBody && bodyBytes < bytes ? clockNs.getAsLong() - bodySinceNs : 0;
  }

  /** How long it has read nothing of an answer that is there; 0 where it reads, or there is none. */
  long stalledNs() {
    return sending ? clockNs.getAsLong() - sentNs : 0;
  }

  /** Whether it has done nothing for longer than it may. */
  boolean isOverdue(ConnectionLimits limits) {
    long now = clockNs.getAsLong();
    if (sending)
      return now - sentNs > limits.stalled().toNanos();
    return rests()
        ? now - sinceNs() > limits.request().toNanos()
        : now - movedNs > limits.idle().toNanos();
  }

  /** Ends it now, or as soon as it has begun. */
  synchronized void cut() {
    cut = true;
    cutter.ifPresent(Runnable::run);
  }

  /** How it is ended. */
  synchronized void cutBy(Runnable how) {
    cutter = Optional.of(how);
    if (cut)
      how.run();
  }
}
