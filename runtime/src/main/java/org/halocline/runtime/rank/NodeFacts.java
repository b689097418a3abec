package org.halocline.runtime.rank;

import java.util.Optional;
import org.halocline.runtime.state.StateDirectory;

/**
 * What an agent tells of its node besides its lanes.
 *
 * @param version
 *          of its Halocline
 * @param memoryBytes
 *          that all lanes may use together
 * @param state
 *          the state directory as this node sees it
 */
public record NodeFacts(String version, long memoryBytes, Optional<StateDirectory> state) {
  public static NodeFacts none() {
    return new NodeFacts("", 0, Optional.empty());
  }
}
