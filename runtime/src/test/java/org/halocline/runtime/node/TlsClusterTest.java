package org.halocline.runtime.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.halocline.runtime.client.ClusterConnection;
import org.halocline.runtime.cluster.JobOrder;
import org.halocline.runtime.cluster.SubmitReply;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.job.JobFile;
import org.halocline.runtime.job.JobKinds;
import org.halocline.runtime.membership.ClusterSettings;
import org.halocline.runtime.membership.NodeException;
import org.halocline.runtime.support.CoreLanes;
import org.halocline.runtime.support.CountKind;
import org.halocline.runtime.support.EchoHost;
import org.halocline.runtime.trust.TlsSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clusters whose control messages are encrypted, with certificates that keytool makes. */
@Timeout(240)
class TlsClusterTest {
  private static final JobKinds KINDS = new JobKinds(List.of(new CountKind()));
  private static final String PASSWORD = "correct horse";
  private static final String PKCS12 = "PKCS12";
  private static final Config OVERRIDES = ConfigFactory
      .parseString("pekko.coordinated-shutdown.run-by-actor-system-terminate = off");

  @TempDir
  private static Path keys;
  @TempDir
  private Path directory;
  private final Deque<HaloclineNode> nodes = new ArrayDeque<>();

  /** Two nodes that know each other, and one that knows them, but whom they do not know. */
  @BeforeAll
  static void makeCertificates() throws Exception {
    Files.writeString(keys.resolve("password"), PASSWORD + "\n");
    Files.setPosixFilePermissions(keys.resolve("password"), PosixFilePermissions.fromString("rw-------"));
    List<Process> running = List.of("one", "two", "stranger").stream().map(TlsClusterTest::generate).toList();
    for (Process keytool : running)
      assertEquals(0, keytool.waitFor(), () -> new String(read(keytool), StandardCharsets.UTF_8));
    KeyStore trusted = KeyStore.getInstance(PKCS12);
    trusted.load(null, null);
    for (String node : List.of("one", "two"))
      trusted.setCertificateEntry(node,
          KeyStore.getInstance(keys.resolve(node).toFile(), PASSWORD.toCharArray()).getCertificate("node"));
    try (OutputStream out = Files.newOutputStream(keys.resolve("trusted"))) {
      trusted.store(out, PASSWORD.toCharArray());
    }
  }

  private static byte[] read(Process process) {
    try {
      return process.getInputStream().readAllBytes();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Process generate(String name) {
    try {
      return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair",
          "-alias", "node", "-keyalg", "EC", "-dname", "CN=" + name, "-validity", "2", "-storetype", PKCS12,
          "-storepass", PASSWORD, "-keystore", keys.resolve(name).toString()).redirectErrorStream(true).start();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static TlsSettings tls(String name) {
    return new TlsSettings(keys.resolve(name), keys.resolve("trusted"), keys.resolve("password"));
  }

  @AfterEach
  void stop() {
    while (!nodes.isEmpty())
      nodes.removeLast().close();
  }

  private HaloclineNode start(Optional<TlsSettings> tls) {
    NodeSettings settings = NodeSettings.defaults().withLanes(1, 256L << 20).withOverrides(OVERRIDES)
        .withCluster(ClusterSettings.of("tea", directory.resolve("state")))
        .withSeeds(nodes.isEmpty() ? List.of() : List.of(nodes.getFirst().address()));
    HaloclineNode node = HaloclineNode.start(tls.map(settings::withTls).orElse(settings),
        new NodeParts(KINDS, List.of(new CoreLanes()), new EchoHost()));
    nodes.add(node);
    return node;
  }

  private String refused(Optional<TlsSettings> tls) {
    long from = System.nanoTime();
    String message = assertThrows(NodeException.class, () -> start(tls)).getMessage();
    System.out.println("refused after " + (System.nanoTime() - from) / 1_000_000 + " ms: " + message);
    return message;
  }

  @Test
  void shouldFormAClusterOfNodesThatTrustEachOtherAndRefuseOthers() throws Exception {
    HaloclineNode first = start(Optional.of(tls("one")));
    HaloclineNode second = start(Optional.of(tls("two")));
    JobFile file = JobFile.parse("job.conf", Path.of("/tmp"), "kind = count, to = 3, chains = 2").orThrow();
    JobOrder order = JobOrder.of(KINDS.check(file).orThrow().spec().orThrow(), file);
    SubmitReply.Submitted submitted = assertInstanceOf(SubmitReply.Submitted.class,
        second.client().submit(order).toCompletableFuture().get(60, TimeUnit.SECONDS));
    JobEvent last = await(second, submitted.job().id());
    assertInstanceOf(JobEvent.Finished.class, last);
    assertFalse(speaksPlain(first.address()), "control messages are encrypted");
    assertFalse(
        first.system().settings().config().getBoolean("pekko.actor.allow-java-serialization"), "no Java serialization");
    try (ClusterConnection client = ClusterConnection.to(List.of(first.address()),
        first.token(), "127.0.0.1", Optional.of(tls("one")))) {
      assertEquals("tea", client.cluster());
    }
    String withoutFiles = refused(Optional.empty());
    assertTrue(withoutFiles.contains("shows the certificate of CN=one"), withoutFiles);
    assertTrue(refused(Optional.of(tls("stranger"))).contains("trust"));
    assertEquals(2, first.client().describe().toCompletableFuture().get(30, TimeUnit.SECONDS).nodes().size());
  }

  @Test
  void shouldNotMixCertificatesOfUsersWithThoseOfTheToken() {
    start(Optional.empty());
    assertTrue(refused(Optional.of(tls("one"))).contains("trust"));
  }

  private static JobEvent await(HaloclineNode node, String id) throws Exception {
    java.util.concurrent.CompletableFuture<JobEvent> last = new java.util.concurrent.CompletableFuture<>();
    node.client().follow(Optional.of(id), 0, told -> {
      if (told.event().isLast())
        last.complete(told.event());
    });
    return last.get(50, TimeUnit.SECONDS);
  }

  /** Whether a node goes on listening to a caller without encryption. */
  private static boolean speaksPlain(String address) throws Exception {
    int colon = address.lastIndexOf(':');
    try (Socket socket = new Socket(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)))) {
      socket.setSoTimeout(2000);
      socket.getOutputStream().write("AKKA\u0001".getBytes(StandardCharsets.ISO_8859_1));
      int answer = socket.getInputStream().read();
      return answer != 21 && answer != -1;
    } catch (java.net.SocketTimeoutException waits) {
      return true;
    } catch (java.net.SocketException reset) {
      return false;
    }
  }
}
