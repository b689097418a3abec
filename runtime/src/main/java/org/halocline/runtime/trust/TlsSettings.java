package org.halocline.runtime.trust;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.config.Settings;
import org.halocline.runtime.files.AtomicFiles;

/**
 * Certificates of the user's own for control messages: a node shows one and talks only to nodes whose certificate it
 * trusts, as caller and as called. All nodes of a cluster have them, or none: then the token makes a certificate
 * ({@link ControlTls}).
 *
 * @param keystore PKCS#12 or JKS, with this node's key and certificate
 * @param truststore with the certificates of the nodes, or of their signers; may be the keystore itself
 * @param passwordFile whose first line opens both; only its owner may read it
 */
public record TlsSettings(Path keystore, Path truststore, Path passwordFile) {
  /**
   * What a node's file says: {@code tls-keystore}, {@code tls-truststore} (left out: the keystore) and {@code
   * tls-password-file}; empty where none of it is there.
   */
  public static Optional<TlsSettings> read(Settings file) {
    Optional<Path> keystore = file.path("tls-keystore");
    Optional<Path> truststore = file.path("tls-truststore");
    Optional<Path> password = file.path("tls-password-file");
    if (keystore.isPresent() && password.isPresent())
      return Optional.of(new TlsSettings(keystore.get(), truststore.orElse(keystore.get()), password.get()));
    if (keystore.isPresent() || truststore.isPresent() || password.isPresent())
      file.problem(Problem.of(keystore.isPresent() ? "tls-password-file" : "tls-keystore",
          "is missing, and other settings of TLS are there", "give both, or none"));
    return Optional.empty();
  }

  public List<Problem> validate() {
    List<Problem> problems = new ArrayList<>();
    char[] password = new char[0];
    try {
      password = password();
      if (!AtomicFiles.isPrivate(passwordFile))
        problems.add(new Problem("tls-password-file", passwordFile.toString(),
            "can be read or changed by others than its owner", "chmod 600 " + passwordFile));
    } catch (IOException e) {
      problems.add(new Problem("tls-password-file", passwordFile.toString(), "cannot be read: " + e.getMessage(),
          "name a file whose first line is the password of both stores"));
      return problems;
    }
    try {
      if (entries(load(keystore, password), true) == 0)
        problems.add(new Problem("tls-keystore", keystore.toString(), "holds no private key",
            "make one: keytool -genkeypair -keyalg EC -keystore " + keystore));
    } catch (IOException | GeneralSecurityException e) {
      problems.add(unreadable("tls-keystore", keystore, e));
    }
    try {
      KeyStore store = load(truststore, password);
      if (entries(store, false) + entries(store, true) == 0)
        problems.add(new Problem("tls-truststore", truststore.toString(), "holds no certificate",
            "import one: keytool -importcert -keystore " + truststore));
    } catch (IOException | GeneralSecurityException e) {
      problems.add(unreadable("tls-truststore", truststore, e));
    }
    return problems;
  }

  private static Problem unreadable(String key, Path store, Exception e) {
    return new Problem(key, store.toString(), "cannot be opened: " + e.getMessage(),
        "name a PKCS#12 or JKS store that the password opens");
  }

  private static int entries(KeyStore store, boolean keys) throws GeneralSecurityException {
    int count = 0;
    for (String alias : Collections.list(store.aliases()))
      if (keys ? store.isKeyEntry(alias) : store.isCertificateEntry(alias))
        count++;
    return count;
  }

  char[] password() throws IOException {
    return Files.readString(passwordFile).lines().findFirst().orElse("").toCharArray();
  }

  private static KeyStore load(Path file, char[] password) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, password);
    }
    return store;
  }

  KeyStore keys() throws IOException, GeneralSecurityException {
    return load(keystore, password());
  }

  KeyStore trusted() throws IOException, GeneralSecurityException {
    return load(truststore, password());
  }
}
