package org.halocline.runtime.trust;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.X509TrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Trusts processes that know the token, and no others. Thread-safe. */
final class TokenTrust implements X509TrustManager {
  private static final Logger LOG = LoggerFactory.getLogger(TokenTrust.class);
  private static final long WARNING_EVERY_NS = 500_000_000L;
  private static final long SAME_WARNING_EVERY_NS = 10_000_000_000L;
  private static final int LONGEST_NAME = 100;

  private final TokenIdentity own;
  private final Optional<Consumer<String>> listener;
  private String warned = "";
  private long warnedNs = System.nanoTime() - WARNING_EVERY_NS;

  private TokenTrust(TokenIdentity own, Optional<Consumer<String>> listener) {
    this.own = own;
    this.listener = listener;
  }

  static TokenTrust of(TokenIdentity own) {
    return new TokenTrust(own, Optional.empty());
  }

  /**
   * For a client that only looks which node is there and sends nothing: it goes on with a stranger far enough that both
   * sides have seen the other's certificate, and tells what is wrong with the stranger's.
   */
  static TokenTrust looking(TokenIdentity own, Consumer<String> listener) {
    return new TokenTrust(own, Optional.of(listener));
  }

  /** What is wrong with a certificate, as it goes on from "it …"; empty where nothing is. */
  private Optional<String> complaint(X509Certificate[] shown) {
    if (shown.length == 0)
      return Optional.of("shows no certificate");
    return own.isOwn(shown[0])
        ? Optional.empty()
        : Optional.of(TokenIdentity.cluster(shown[0]).map(this::difference)
            .orElseGet(() -> "shows the certificate of " + printable(shown[0].getSubjectX500Principal().toString())));
  }

  private String difference(String cluster) {
    String ours = TokenIdentity.cluster(own.certificate()).orElse("");
    if (cluster.isEmpty())
      return "is of no cluster";
    return "is of cluster \"" + cluster + '"' + (ours.isEmpty()
        ? ""
        : cluster.equals(ours)
            ? ", and so is this one, but their state directories are not the same files, or a token is an old one"
            : ", and this one of cluster \"" + ours + '"');
  }

  /** A stranger may call himself anything. */
  private static String printable(String text) {
    return text.substring(0, Math.min(text.length(), LONGEST_NAME)).replaceAll("[^\\x20-\\x7e]", "?");
  }

  private void check(X509Certificate[] shown) throws CertificateException {
    Optional<String> complaint = complaint(shown);
    if (complaint.isPresent())
      throw new CertificateException("the other side does not know the token: it " + complaint.get());
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
    complaint(chain).filter(this::mayWarn)
        .ifPresent(why -> LOG.warn("refused: a process that does not know this cluster's token; it {}", why));
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
    if (listener.isPresent())
      complaint(chain).ifPresent(listener.get());
    else
      check(chain);
  }

  private synchronized boolean mayWarn(String complaint) {
    long now = System.nanoTime();
    if (now - warnedNs < (complaint.equals(warned) ? SAME_WARNING_EVERY_NS : WARNING_EVERY_NS))
      return false;
    warned = complaint;
    warnedNs = now;
    return true;
  }

  /** There are no certificate authorities here. */
  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
