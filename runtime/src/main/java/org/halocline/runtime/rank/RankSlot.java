package org.halocline.runtime.rank;

import org.apache.pekko.actor.typed.ActorRef;

/**
 * Where a rank goes: the agent of its node and the number of its lane there.
 *
 * @param node name of the node, for messages
 */
public record RankSlot(ActorRef<NodeAgent.Command> agent, String node, int lane) {}
