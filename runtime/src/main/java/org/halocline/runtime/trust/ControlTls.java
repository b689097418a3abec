package org.halocline.runtime.trust;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.apache.pekko.actor.setup.Setup;
import org.apache.pekko.remote.artery.tcp.SSLEngineProvider;
import org.apache.pekko.remote.artery.tcp.SSLEngineProviderSetup;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.membership.NodeException;
import org.halocline.runtime.state.StateDirectory;
import scala.Option;

/**
 * TLS 1.3 for control messages: each side shows a certificate and proves that it has the key of it. A process that
 * cannot is not listened to. The key has one of three sources: the cluster's token, so that every process that knows
 * the token is let in; files of the user; or none, and then no process is let in. Immutable.
 */
public final class ControlTls {
  /**
   * For a node that runs jobs for its own process only. TLS takes some 20 MiB of memory, but only once another process
   * connects.
   */
  public static final ControlTls NOBODY = new ControlTls(new KeyManager[0], () -> Closed.CONTEXT, Optional.empty());

  /** Without a key there is no handshake: a process that connects gets an alert, and the connection is closed. */
  private static final class Closed {
    static final SSLContext CONTEXT = make();

    private static SSLContext make() {
      try {
        return ControlTls.context(new KeyManager[0],
            new TrustManager[]{TokenTrust.of(TokenIdentity.of(StateDirectory.newToken(), ""))});
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("every JDK has " + PROTOCOL, e);
      }
    }
  }

  private static final String PROTOCOL = "TLSv1.3";

  private final KeyManager[] keys;
  private final Supplier<SSLContext> context;
  private final Optional<TokenIdentity> identity;

  private ControlTls(KeyManager[] keys, Supplier<SSLContext> context, Optional<TokenIdentity> identity) {
    this.keys = keys;
    this.context = context;
    this.identity = identity;
  }

  /** The user's certificates where there are some, or else the token's. */
  public static ControlTls of(Optional<TlsSettings> files, String token, String cluster) {
    return files.map(ControlTls::ofFiles).orElseGet(() -> ofToken(token, cluster));
  }

  private static ControlTls ofToken(String token, String cluster) {
    try {
      TokenIdentity identity = TokenIdentity.of(token, cluster);
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("token", identity.key(), new char[0], new Certificate[]{identity.certificate()});
      return made(keys(store, new char[0]), new TrustManager[]{TokenTrust.of(identity)}, Optional.of(identity));
    } catch (IOException | GeneralSecurityException e) {
      throw new NodeException(Problem.of("node", "cannot make its TLS key: " + e, "look at its log"), e);
    }
  }

  private static ControlTls ofFiles(TlsSettings files) {
    try {
      TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(files.trusted());
      return made(keys(files.keys(), files.password()), trust.getTrustManagers(), Optional.empty());
    } catch (IOException | GeneralSecurityException e) {
      throw new NodeException(new Problem("tls-keystore", files.keystore().toString(), "cannot be used: " + e,
          "name a store that the password opens"), e);
    }
  }

  private static ControlTls made(KeyManager[] keys, TrustManager[] trust, Optional<TokenIdentity> identity)
      throws GeneralSecurityException {
    SSLContext context = context(keys, trust);
    return new ControlTls(keys, () -> context, identity);
  }

  private static KeyManager[] keys(KeyStore store, char[] password) throws GeneralSecurityException {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, password);
    return keys.getKeyManagers();
  }

  private static SSLContext context(KeyManager[] keys, TrustManager[] trust) throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance(PROTOCOL);
    context.init(keys, trust, new SecureRandom());
    return context;
  }

  /**
   * For a socket that only finds out whether two sides trust each other.
   *
   * @param complaint told what is wrong with a caller that does not know the token, in words that follow "it …"
   */
  SSLContext looking(Consumer<String> complaint) {
    try {
      return identity.isPresent()
          ? context(keys, new TrustManager[]{TokenTrust.looking(identity.get(), complaint)})
          : context();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("it was made before", e);
    }
  }

  /** For sockets of our own. */
  SSLContext context() {
    return context.get();
  }

  /** Whether the token is what it takes. */
  public boolean isByToken() {
    return identity.isPresent();
  }

  /** Gives an actor system its engines. */
  public Setup setup() {
    return SSLEngineProviderSetup.create(_ -> new Engines(this));
  }

  private record Engines(ControlTls tls) implements SSLEngineProvider {
    private SSLEngine engine(boolean client) {
      SSLEngine engine = tls.context().createSSLEngine();
      engine.setUseClientMode(client);
      engine.setEnabledProtocols(new String[]{PROTOCOL});
      engine.setNeedClientAuth(true);
      return engine;
    }

    @Override
    public SSLEngine createServerSSLEngine(String hostname, int port) {
      return engine(false);
    }

    @Override
    public SSLEngine createClientSSLEngine(String hostname, int port) {
      return engine(true);
    }

    /** Host names are not compared: a process with the key may be anywhere. */
    @Override
    public Option<Throwable> verifyClientSession(String hostname, SSLSession session) {
      return Option.empty();
    }

    @Override
    public Option<Throwable> verifyServerSession(String hostname, SSLSession session) {
      return Option.empty();
    }
  }
}
