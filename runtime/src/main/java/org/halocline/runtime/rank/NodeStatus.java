package org.halocline.runtime.rank;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.halocline.runtime.WireMessage;

/**
 * One node.
 *
 * @param name host:port of its control messages
 * @param version of its Halocline
 * @param memoryBytes that its lanes may use
 * @param dataPlane where its data plane is reached; empty while it has none
 * @param httpAddress where its page is; empty if it has none
 * @param lastSeenEpochMillis when it last reported
 * @param traffic with all peers together, and with each; of many only the busiest
 * @param why what keeps it from being fully of use, in words; empty if nothing does
 * @param morePeers how many peers were left out
 */
public record NodeStatus(String name, State state, String version, long memoryBytes, List<LaneStatus> lanes,
    String dataPlane, String httpAddress, long lastSeenEpochMillis, List<PeerTraffic> traffic,
    String why,
    @JsonPropertyDescription("How many peers were left out of traffic; the row \"all\" holds them too.") int morePeers)
    implements
      WireMessage {
  public NodeStatus {
    lanes = List.copyOf(lanes);
    traffic = List.copyOf(traffic);
  }

  public enum State {
    /** Reports, and its lanes may be used. */
    @JsonProperty("up")
    UP,
    /** The cluster's failure detector cannot reach it. */
    @JsonProperty("unreachable")
    UNREACHABLE,
    /** It can be reached, but has not reported for a while. */
    @JsonProperty("stale")
    STALE,
    /** It gives its jobs away and goes. */
    @JsonProperty("leaving")
    LEAVING
  }

  /** What {@link #why} says of a node that sees other files than the coordinator. */
  public static final String BLIND = "it does not see the cluster's state directory, so its lanes are not used";

  /** Whether it sees other files than the coordinator. */
  @JsonIgnore
  public boolean isBlind() {
    return why.startsWith(BLIND);
  }

  /** The same, heard of at another time. */
  public NodeStatus seen(long epochMillis) {
    return new NodeStatus(name, state, version, memoryBytes, lanes, dataPlane, httpAddress, epochMillis, traffic, why,
        morePeers);
  }
}
