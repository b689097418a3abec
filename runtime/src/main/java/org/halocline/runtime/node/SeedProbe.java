package org.halocline.runtime.node;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/**
 * Finds out at once whether a seed node and this one disagree about TLS, which Pekko shows only as silence: it tries again until the
 * patience of whoever waits has ended. It says so only where there is no doubt; a connection that is closed may have other reasons.
 */
final class SeedProbe {
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

  /** What keeps this node and the seed from talking, in words; empty where nothing does, or where nobody knows. Blocks. */
  static Optional<String> complaint(String seed, Optional<TlsSettings> tls) {
    SeedProbe probe = new SeedProbe(seed);
    try {
      return tls.isPresent() ? probe.encrypted(tls.get().context()) : probe.plain();
    } catch (IOException | GeneralSecurityException e) {
      return Optional.empty(); // it does not run yet, or the files are bad, which others say
    }
  }

  private Optional<String> plain() throws IOException, GeneralSecurityException {
    if (waitsForPlainText())
      return Optional.empty();
    try {
      if (!handshake(SSLContext.getDefault()))
        return Optional.empty();
    } catch (SSLException e) {
      if (!isDistrust(e))
        return Optional.empty();
    }
    return Optional.of(seed + " wants TLS, and this node has no certificate: give it --tls-keystore");
  }

  private Optional<String> encrypted(SSLContext context) throws IOException {
    try {
      handshake(context);
      return Optional.empty();
    } catch (IOException e) {
      if (e instanceof SSLException refused && isDistrust(refused))
        return Optional.of(seed + " and this node do not trust each other: " + e.getMessage()
            + "; look at --tls-keystore and --tls-truststore of both");
      return waitsForPlainText()
          ? Optional.of(seed + " does not use TLS, and this node does: give --tls-keystore to all, or to none")
          : Optional.empty();
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
      throw new IOException("nobody answers", e);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }
}
