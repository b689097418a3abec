package org.halocline.ops.api;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Bytes to a port and what comes back, with no library that knows better. */
final class RawHttp {
  private static final int PATIENCE_MS = 10_000;

  private RawHttp() {}

  static String ask(int port, String bytes) throws IOException {
    return ask(port, bytes.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Everything until the other side closes. */
  static String ask(int port, byte[] bytes) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(PATIENCE_MS);
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  static int status(String answer) {
    if (!answer.matches("(?s)HTTP/1\\.1 \\d{3}.*"))
      throw new AssertionError("no status in: " + answer);
    return Integer.parseInt(answer.substring(9, 12));
  }
}
