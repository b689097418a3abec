package org.halocline.runtime.client;

import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.halocline.runtime.WireMessage;
import org.halocline.runtime.cluster.ClusterRequest;
import org.halocline.runtime.cluster.CoordinatorMessage;
import org.halocline.runtime.membership.Membership;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a process that is no node of the cluster hands in its requests: an actor of a name that is known, on every
 * node, that passes them to the coordinator, wherever that is. It lets in all callers that the node trusts; the token
 * in a request tells what the caller may do.
 */
public final class ClusterGateway {
  public static final String NAME = "door";
  private static final Logger LOG = LoggerFactory.getLogger(ClusterGateway.class);

  /**
   * Asks whether a node is there.
   *
   * @param protocol of the caller
   */
  public record Knock(int protocol, ActorRef<Opened> replyTo) implements CoordinatorMessage, WireMessage {}

  /**
   * @param node host:port of this one
   * @param nodes host:port of all that are up: each of them has a door
   */
  public record Opened(String node, String cluster, int protocol, List<String> nodes) implements WireMessage {
    public Opened {
      nodes = List.copyOf(nodes);
    }
  }

  private ClusterGateway() {}

  public static Behavior<CoordinatorMessage> create(String node, String cluster,
      ActorRef<? super ClusterRequest> coordinator) {
    return Behaviors.setup(context -> Behaviors.receive(CoordinatorMessage.class).onMessage(Knock.class, knock -> {
      int protocol = protocol(context.getSystem());
      if (knock.protocol() != protocol)
        LOG.error("a client speaks protocol {}, and this node protocol {}: run the same version of Halocline",
            knock.protocol(), protocol);
      knock.replyTo().tell(
          new Opened(node, cluster, protocol, up(Cluster.get(context.getSystem()))));
      return Behaviors.same();
    }).onMessage(ClusterRequest.class, request -> {
      coordinator.tell(request);
      return Behaviors.same();
    }).build());
  }

  /** That this process speaks. */
  public static int protocol(ActorSystem<?> system) {
    return system.settings().config().getInt("halocline.cluster.protocol");
  }

  private static List<String> up(Cluster cluster) {
    List<String> nodes = new ArrayList<>();
    for (Member member : cluster.state().getMembers())
      if (member.status().equals(MemberStatus.up()))
        nodes.add(Membership.name(member.address()));
    return nodes;
  }
}
