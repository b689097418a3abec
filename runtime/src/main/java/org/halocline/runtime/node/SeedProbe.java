package org.halocline.runtime.node;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * Finds out at once whether a seed node and this one disagree about TLS, which Pekko shows only as silence: it tries again until the
 * patience of whoever waits has ended.
 */
final class SeedProbe {
  private static final int CONNECT_WITHIN_MS = 3000;
  /** A seed that refuses a certificate says so within this. */
  private static final int ANSWERS_WITHIN_MS = 1000;
  private static final int TLS_ALERT = 21;
  /** How a connection of Artery's TCP transport begins: its magic, and the number of the control stream. */
  private static final byte[] PLAIN_GREETING = "AKKA\u0001".getBytes(StandardCharsets.ISO_8859_1);

  private SeedProbe() {}

  /** What keeps this node and the seed from talking, in words; empty where nothing does, or where nobody knows. Blocks. */
  static Optional<String> complaint(String seed, Optional<TlsSettings> tls) {
    int colon = seed.lastIndexOf(':');
    InetSocketAddress address = new InetSocketAddress(seed.substring(0, colon),
        Integer.parseInt(seed.substring(colon + 1)));
    try (Socket socket = new Socket()) {
      socket.connect(address, CONNECT_WITHIN_MS);
      socket.setSoTimeout(ANSWERS_WITHIN_MS);
      return tls.isPresent() ? encrypted(seed, socket, tls.get().context()) : plain(seed, socket);
    } catch (SocketTimeoutException e) {
      return Optional.empty(); // it waits for more, as it should
    } catch (IOException | GeneralSecurityException e) {
      return Optional.empty(); // it does not run yet, or the files are bad, which others say
    }
  }

  private static Optional<String> plain(String seed, Socket socket) throws SocketTimeoutException {
    Optional<String> complaint = Optional
        .of(seed + " wants TLS, and this node has no certificate: give it --tls-keystore");
    try {
      socket.getOutputStream().write(PLAIN_GREETING);
      int answer = socket.getInputStream().read();
      return answer < 0 || answer == TLS_ALERT ? complaint : Optional.empty();
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (IOException e) {
      return complaint; // a node without TLS would wait for more
    }
  }

  private static Optional<String> encrypted(String seed, Socket socket, SSLContext context)
      throws SocketTimeoutException {
    try (SSLSocket secure = (SSLSocket) context.getSocketFactory().createSocket(socket,
        seed.substring(0, seed.lastIndexOf(':')), socket.getPort(), true)) {
      secure.startHandshake();
      InputStream in = secure.getInputStream();
      return in.read() < 0
          ? Optional.of(seed + " closes the connection: it does not trust this node's certificate")
          : Optional.empty();
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (IOException e) {
      return Optional.of(seed + " and this node do not trust each other: " + e.getMessage()
          + "; see --tls-keystore and --tls-truststore of both, and whether both use TLS at all");
    }
  }
}
