package org.halocline.domain;

/** What a port has moved and how long it waited. Written by the chain's thread; readable from any, each number on its own. */
public final class PortMeter {
  private volatile long bytesSent;
  private volatile long bytesReceived;
  private volatile long exchanges;
  private volatile long waitNs;

  void moved(long sent, long received, long waitedNs) {
    bytesSent = bytesSent + sent;
    bytesReceived = bytesReceived + received;
    exchanges = exchanges + 1;
    waitNs = waitNs + waitedNs;
  }

  public long bytesSent() {
    return bytesSent;
  }

  public long bytesReceived() {
    return bytesReceived;
  }

  public long exchanges() {
    return exchanges;
  }

  /** Time in which the chain had no lane: waiting for peers, and for the lane afterwards. */
  public long waitNs() {
    return waitNs;
  }
}
