package org.halocline.ops.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A stream that is cut off when nothing has come for a while. HTTP has no such limit: a node may fall silent and its
 * connections stay. For one reader.
 */
final class LiveStream extends FilterInputStream {
  private final CountDownLatch closed = new CountDownLatch(1);
  private final long silentNs;
  private volatile long cameNs = System.nanoTime();
  private volatile boolean cut;

  LiveStream(InputStream in, long silentSeconds) {
    super(in);
    this.silentNs = TimeUnit.SECONDS.toNanos(silentSeconds);
    Thread.ofVirtual().name("silence-watch").start(this::watch);
  }

  private void watch() {
    try {
      long left = silentNs;
      while (!closed.await(left, TimeUnit.NANOSECONDS)) {
        left = silentNs - (System.nanoTime() - cameNs);
        if (left <= 0) {
          cut = true;
          in.close();
          return;
        }
      }
    } catch (InterruptedException | IOException _) {
      // the reader finds out
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int at, int most) throws IOException {
    try {
      int read = super.read(into, at, most);
      if (!cut) {
        cameNs = System.nanoTime();
        return read;
      }
    } catch (IOException e) {
      if (!cut)
        throw e;
    }
    throw new IOException("nothing has come for " + TimeUnit.NANOSECONDS.toSeconds(silentNs) + " s");
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    super.close();
  }
}
