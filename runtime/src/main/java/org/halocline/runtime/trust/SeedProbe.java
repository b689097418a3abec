package org.halocline.runtime.trust;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/**
 * Finds out at once whether a node and this process do not trust each other, which Pekko shows only as silence: it
 * tries again until the caller's time-out. It says so only where there is no doubt; a connection that is closed may
 * have other reasons.
 */
public final class SeedProbe {
  private static final int CONNECT_WITHIN_MS = 3000;
  /** A seed that refuses something says so within this. */
  private static final int ANSWERS_WITHIN_MS = 1000;
  /** How a connection of Artery's TCP transport begins: its magic, and the number of the control stream. */
  private static final byte[] PLAIN_GREETING = "AKKA\u0001".getBytes(StandardCharsets.ISO_8859_1);

  private final String seed;
  private final InetSocketAddress address;

  private SeedProbe(String seed) {
    this.seed = seed;
    int colon = seed.lastIndexOf(':');
    this.address = new InetSocketAddress(seed.substring(0, colon), Integer.parseInt(seed.substring(colon + 1)));
  }

  /** Why none of the nodes can be talked to; empty where one can, or may yet be. Blocks. */
  public static Optional<String> complaints(List<String> nodes, ControlTls tls) {
    List<String> complaints = new ArrayList<>();
    for (String node : nodes)
      complaint(node, tls).ifPresent(complaints::add);
    return !nodes.isEmpty() && complaints.size() == nodes.size()
        ? Optional.of(String.join("; ", complaints))
        : Optional.empty();
  }

  /**
   * What keeps this process and the node from talking, in words; empty where nothing does, or where that is unknown.
   */
  private static Optional<String> complaint(String seed, ControlTls tls) {
    SeedProbe probe = new SeedProbe(seed);
    AtomicReference<String> stranger = new AtomicReference<>();
    Optional<IOException> failure = Optional.empty();
    try {
      probe.handshake(tls.looking(stranger::set));
    } catch (IOException e) {
      failure = Optional.of(e);
    }
    if (stranger.get() != null)
      return Optional.of(seed + " and this side do not know the same token: it " + stranger.get());
    return failure.flatMap(why -> probe.complaint(why, tls));
  }

  private Optional<String> complaint(IOException failure, ControlTls tls) {
    try {
      if (failure instanceof SSLException refused && isDistrust(refused))
        return Optional.of(seed + (tls.isByToken()
            ? " refuses this side's token: "
            : " and this side do not trust each other: ") + failure.getMessage());
      return waitsForPlainText()
          ? Optional.of(seed + " does not use TLS: it is no node of this version of Halocline")
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // it does not run yet
    }
  }

  /** Whether there was one, and nothing against it: a server refuses a certificate after the handshake. */
  private boolean handshake(SSLContext context) throws IOException {
    boolean made = false;
    try (Socket socket = connect();
        SSLSocket secure = (SSLSocket) context.getSocketFactory().createSocket(socket, address.getHostString(),
            address.getPort(), true)) {
      secure.startHandshake();
      made = true;
      if (secure.getInputStream().read() < 0)
        throw new SSLException("the connection was closed");
      return true;
    } catch (SocketTimeoutException e) {
      return made; // it waits for more, as it should
    }
  }

  /** Either side has seen the other's certificate, or missed it. */
  private static boolean isDistrust(SSLException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause())
      if (cause instanceof CertificateException)
        return true;
    return String.valueOf(e.getMessage()).contains("fatal alert");
  }

  private boolean waitsForPlainText() throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(PLAIN_GREETING);
      socket.getInputStream().read();
      return false;
    } catch (SocketTimeoutException e) {
      return true;
    } catch (java.net.SocketException reset) {
      return false;
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(address, CONNECT_WITHIN_MS);
      socket.setSoTimeout(ANSWERS_WITHIN_MS);
      return socket;
    } catch (SocketTimeoutException e) {
      socket.close();
      throw new IOException("no node answers", e);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }
}
