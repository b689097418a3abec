package org.halocline.runtime.trust;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.bc.BcEdECContentSignerBuilder;
import org.halocline.runtime.membership.ClusterSettings;

/**
 * The key and certificate that a cluster's token makes: all processes that know the token have the same key, and no
 * other process can have it. The key is an Ed25519 key whose secret is an HMAC-SHA-256 of a fixed text under the token
 * (RFC 8032, RFC 2104); the certificate, signed by itself, is but its envelope, with the cluster's name for callers
 * that are turned away. Immutable; never shown.
 */
record TokenIdentity(PrivateKey key, X509Certificate certificate) {
  private static final String ALGORITHM = "HmacSHA256";
  private static final byte[] PURPOSE = "halocline control messages".getBytes(StandardCharsets.UTF_8);
  private static final String PRODUCT = "halocline";
  /** Trust does not end by itself: it ends when the token is changed. */
  private static final Date FROM = Date.from(Instant.parse("2000-01-01T00:00:00Z"));
  private static final Date TO = Date.from(Instant.parse("9999-12-31T23:59:59Z"));

  /**
   * @param token hard to guess
   * @param cluster name of the cluster; anyone who connects can read it
   */
  static TokenIdentity of(String token, String cluster) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(token.getBytes(StandardCharsets.UTF_8), ALGORITHM));
      byte[] secret = mac.doFinal(PURPOSE);
      PrivateKey key = KeyFactory.getInstance("Ed25519")
          .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, secret));
      return new TokenIdentity(key, certificate(new Ed25519PrivateKeyParameters(secret), cluster));
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException("every JDK from 25 on has Ed25519 and HMAC-SHA-256", e);
    }
  }

  private static X509Certificate certificate(Ed25519PrivateKeyParameters secret, String cluster)
      throws GeneralSecurityException, IOException, OperatorCreationException {
    X500Name name = new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, PRODUCT).addRDN(BCStyle.O, cluster)
        .build();
    byte[] encoded = new X509v3CertificateBuilder(name, BigInteger.ONE, FROM, TO, name,
        SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(secret.generatePublicKey()))
        .build(new BcEdECContentSignerBuilder(new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519)).build(secret))
        .getEncoded();
    return (X509Certificate) CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(encoded));
  }

  /** Whether a certificate is of the same token; TLS proves that its owner has the key. */
  boolean isOwn(X509Certificate shown) {
    return Arrays.equals(shown.getPublicKey().getEncoded(), certificate.getPublicKey().getEncoded());
  }

  /** The name of the cluster whose token made a certificate; empty for one that no token made. */
  static Optional<String> cluster(X509Certificate shown) {
    try {
      Optional<String> cluster = Optional.empty();
      boolean ours = false;
      for (Rdn part : new LdapName(shown.getSubjectX500Principal().getName()).getRdns()) {
        ours |= part.getType().equals("CN") && part.getValue().equals(PRODUCT);
        if (part.getType().equals("O") && part.getValue() instanceof String text)
          cluster = Optional.of(text);
      }
      return ours ? cluster.filter(name -> name.isEmpty() || ClusterSettings.isName(name)) : Optional.empty();
    } catch (InvalidNameException e) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return "(key of a token)";
  }
}
