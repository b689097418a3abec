package org.halocline.runtime.membership;

import com.typesafe.config.Config;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.cluster.ConfigValidation;
import org.apache.pekko.cluster.Invalid;
import org.apache.pekko.cluster.JoinConfigCompatChecker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

import org.apache.pekko.cluster.Valid$;

/**
 * Whether a node may join: same protocol, same cluster name, same state directory. Pekko has both sides ask, and both
 * say in words what is wrong; the one that wants to join then gives up.
 */
public final class JoinCheck extends JoinConfigCompatChecker {
  private static final Logger LOG = LoggerFactory.getLogger(JoinCheck.class);
  private static final String PROTOCOL = "halocline.cluster.protocol";
  private static final String NAME = "halocline.cluster.name";
  private static final String IDENTITY = "halocline.cluster.state-identity";
  private static final String WHO = "halocline.cluster.who";
  /** Complaints of nodes in this JVM that are joining, by their {@link #WHO}. */
  private static final Map<String, List<String>> JOINING = new ConcurrentHashMap<>();

  static void begins(String who) {
    JOINING.put(who, new ArrayList<>());
  }

  /** @return what it found wrong with the cluster */
  static List<String> ends(String who) {
    List<String> complaints = JOINING.remove(who);
    return complaints == null ? List.of() : List.copyOf(complaints);
  }

  @Override
  public Seq<String> requiredKeys() {
    return CollectionConverters.asScala(List.of(PROTOCOL, NAME, IDENTITY, WHO)).toSeq();
  }

  /**
   * @param theirs of the other side
   * @param own of this side
   */
  @Override
  public ConfigValidation check(Config theirs, Config own) {
    List<String> joining = JOINING.get(own.getString(WHO));
    List<String> wrong = new ArrayList<>();
    String other = joining == null ? "the node that wants to join" : "the cluster";
    compare(theirs, own, PROTOCOL, other + " speaks protocol %s, and this node protocol %s: run the same version of "
        + "Halocline on all nodes", wrong);
    boolean sameProtocol = wrong.isEmpty();
    compare(theirs, own, NAME,
        other + " is of cluster \"%s\", and this node of cluster \"%s\": give it the right --seed "
            + "or --cluster",
        wrong);
    if (!theirs.getString(IDENTITY).isEmpty() && !own.getString(IDENTITY).isEmpty() && wrong.isEmpty())
      compare(theirs, own, IDENTITY,
          other + " has the state directory with identity %s, and this node the one with %s: "
              + "these are not the same files; mount the directory here, or let the node only compute",
          wrong);
    if (wrong.isEmpty())
      return Valid$.MODULE$;
    wrong.forEach(line -> LOG.error("{}", line));
    if (joining != null)
      joining.addAll(wrong);
    // A node of the same protocol finds the same and gives up by itself, with the reason; one of another may not.
    return joining == null && sameProtocol
        ? Valid$.MODULE$
        : new Invalid(CollectionConverters.asScala(wrong).toSeq());
  }

  private static void compare(Config theirs, Config own, String key, String message, List<String> wrong) {
    String their = theirs.hasPath(key) ? theirs.getString(key) : "(none)";
    if (!their.equals(own.getString(key)))
      wrong.add(String.format(message, their, own.getString(key)));
  }
}
