package org.halocline.runtime.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.halocline.runtime.WireMessage;
import org.halocline.runtime.rank.NodeStatus;

/**
 * Everything at one moment, as the coordinator knows it; it fits one message.
 *
 * @param cluster name of the cluster
 * @param coordinator name of the node that coordinates
 * @param incarnation of the coordinator
 * @param jobs those that have not ended, and the newest of the others
 * @param moreJobs how many were left out; {@link ClusterRequest.ListJobs} tells them
 * @param running how many jobs run, those left out included
 * @param queued how many jobs wait, those left out included
 * @param actors of very many only the first
 * @param moreActors how many were left out
 */
public record ClusterStatus(String cluster, String coordinator, int incarnation, List<NodeStatus> nodes,
    List<JobStatus> jobs, int moreJobs,
    @JsonPropertyDescription("How many jobs run, those left out included.") int running,
    @JsonPropertyDescription("How many jobs wait, those left out included.") int queued, List<ActorStatus> actors,
    @JsonPropertyDescription("How many actors were left out.") int moreActors,
    long atEpochMillis) implements WireMessage {
  public ClusterStatus {
    nodes = List.copyOf(nodes);
    jobs = List.copyOf(jobs);
    actors = List.copyOf(actors);
  }
}
