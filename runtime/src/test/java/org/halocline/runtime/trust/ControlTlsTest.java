package org.halocline.runtime.trust;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.halocline.runtime.job.JobKinds;
import org.halocline.runtime.node.HaloclineNode;
import org.halocline.runtime.node.NodeParts;
import org.halocline.runtime.node.NodeSettings;
import org.halocline.runtime.rank.NodeAgent;
import org.halocline.runtime.support.CoreLanes;
import org.halocline.runtime.support.CountKind;
import org.halocline.runtime.support.EchoHost;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the token lets in, and what it keeps out. */
@Timeout(240)
class ControlTlsTest {
  private static final String TOKEN = "0123456789abcdef".repeat(4);

  private static ControlTls of(String token, String cluster) {
    return ControlTls.of(Optional.empty(), token, cluster);
  }

  @Test
  void shouldMakeTheSameKeyOfTheSameTokenOnly() throws Exception {
    TokenIdentity one = TokenIdentity.of(TOKEN, "tea");
    assertArrayEquals(one.certificate().getEncoded(), TokenIdentity.of(TOKEN, "tea").certificate().getEncoded());
    assertTrue(one.isOwn(TokenIdentity.of(TOKEN, "coffee").certificate()), "the name makes no difference");
    assertFalse(one.isOwn(TokenIdentity.of(TOKEN.replace('0', '1'), "tea").certificate()));
    one.certificate().verify(one.certificate().getPublicKey());
    one.certificate().checkValidity();
    assertEquals(Optional.of("tea"), TokenIdentity.cluster(one.certificate()));
    assertFalse(new String(one.certificate().getEncoded(), StandardCharsets.ISO_8859_1).contains(TOKEN));
    assertEquals("(key of a token)", one.toString());
  }

  @Test
  void shouldTalkToWhoKnowsTheToken() throws Exception {
    assertEquals("hello", talk(of(TOKEN, "tea").context(), of(TOKEN, "").context()));
  }

  @Test
  void shouldNotListenToAnotherToken() {
    SSLContext server = of(TOKEN, "tea").context();
    assertThrows(IOException.class, () -> talk(server, of("other", "tea").context()));
  }

  /** The certificate of the token is no secret: who only shows it has to prove that he has its key. */
  @Test
  void shouldNotListenToACopiedCertificateOrToNone() throws Exception {
    SSLContext server = of(TOKEN, "tea").context();
    KeyStore copied = KeyStore.getInstance("PKCS12");
    copied.load(null, null);
    copied.setKeyEntry("copy", TokenIdentity.of("other", "tea").key(), new char[0],
        new Certificate[]{TokenIdentity.of(TOKEN, "tea").certificate()});
    assertThrows(IOException.class, () -> talk(server, trusting(copied)));
    KeyStore none = KeyStore.getInstance("PKCS12");
    none.load(null, null);
    assertThrows(IOException.class, () -> talk(server, trusting(none)));
  }

  /** Says one line to the server, which must have shown by its answer that it heard. */
  private static String talk(SSLContext server, SSLContext client) throws Exception {
    try (SSLServerSocket door = (SSLServerSocket) server.getServerSocketFactory().createServerSocket(0, 1,
        InetAddress.getLoopbackAddress())) {
      door.setNeedClientAuth(true);
      CompletableFuture<String> heard = new CompletableFuture<>();
      Thread.ofVirtual().start(() -> {
        try (Socket socket = door.accept()) {
          heard.complete(new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII));
        } catch (IOException e) {
          heard.completeExceptionally(e);
        }
      });
      try (SSLSocket socket = (SSLSocket) client.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(),
          door.getLocalPort())) {
        socket.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        return heard.handle((text, failure) -> {
          if (failure != null)
            throw new CompletionException(failure);
          return text;
        }).get(30, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        throw new IOException(e);
      }
    }
  }

  /** Trusts everybody, and shows what is in the store. */
  private static SSLContext trusting(KeyStore store) throws GeneralSecurityException {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, new char[0]);
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(keys.getKeyManagers(), new TrustManager[]{new Gullible()}, new SecureRandom());
    return context;
  }

  private static final class Gullible extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  /** A node that only runs jobs of its own process listens too: no other process knows its token. */
  @Test
  void shouldKeepStrangersFromANodeThatIsItsOwnCluster() throws Exception {
    NodeParts parts = new NodeParts(new JobKinds(List.of(new CountKind())), List.of(new CoreLanes()),
        new EchoHost());
    try (HaloclineNode node = HaloclineNode.start(NodeSettings.defaults().withLanes(1, 256L << 20), parts)) {
      assertThrows(TimeoutException.class, () -> describe(node, of(TOKEN, "tea")));
      assertThrows(TimeoutException.class, () -> describe(node, null));
      int colon = node.address().lastIndexOf(':');
      try (Socket socket = new Socket(node.address().substring(0, colon),
          Integer.parseInt(node.address().substring(colon + 1)))) {
        socket.setSoTimeout(200_000);
        socket.getOutputStream().write(new byte[100]);
        assertThrows(SocketException.class, () -> {
          while (true) { // an alert, and then the end: no connection is kept for nothing
            if (socket.getInputStream().read() < 0)
              throw new SocketException("closed");
          }
        });
      }
    }
  }

  @Test
  void shouldLetInWhoKnowsTheToken() throws Exception {
    NodeParts parts = new NodeParts(new JobKinds(List.of(new CountKind())), List.of(new CoreLanes()),
        new EchoHost());
    try (HaloclineNode node = HaloclineNode.start(
        NodeSettings.defaults().withToken(TOKEN).withLanes(1, 256L << 20), parts)) {
      describe(node, of(TOKEN, ""));
    }
  }

  /** Asks a node's agent from an actor system of its own, as any program with Pekko could. */
  private static NodeAgent.NodeReport describe(HaloclineNode node, ControlTls tls) throws Exception {
    Config config = ConfigFactory.parseMap(Map.of("pekko.actor.provider", "remote",
        "pekko.remote.warn-about-direct-use", false, "pekko.remote.artery.transport", tls == null ? "tcp" : "tls-tcp"))
        .withFallback(ConfigFactory.parseResourcesAnySyntax("halocline-node"))
        .withFallback(ConfigFactory.defaultReference()).resolve();
    BootstrapSetup bootstrap = BootstrapSetup.create(config);
    ActorSystem<Void> stranger = ActorSystem.create(Behaviors.empty(), "stranger",
        tls == null ? ActorSystemSetup.create(bootstrap) : ActorSystemSetup.create(bootstrap, tls.setup()));
    try {
      ActorRef<NodeAgent.Command> agent = ActorRefResolver.get(stranger)
          .resolveActorRef("pekko://halocline@" + node.address() + "/user/node-agent");
      return AskPattern
          .ask(agent, (ActorRef<NodeAgent.NodeReport> replyTo) -> new NodeAgent.Claim(Integer.MAX_VALUE, replyTo),
              Duration.ofSeconds(6), stranger.scheduler())
          .toCompletableFuture().get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof TimeoutException silence ? silence : e;
    } finally {
      stranger.terminate();
    }
  }
}
