package org.halocline.runtime.rank;

import org.apache.pekko.actor.typed.Behavior;
import org.halocline.runtime.lane.Lane;

/**
 * Makes the actor of a rank; implemented by actors-domain and registered with the node. Called on the node agent's
 * thread: it returns at once and leaves work to the behavior. The actor is stopped when its job ends, and stops its
 * threads then.
 */
public interface RankHost {

  /**
   * @param lane the lane of the assignment
   * @param dataPlane to be opened only where the domain has more than one rank, and not on an actor's thread
   * @throws IllegalArgumentException an assignment that cannot be served; its message goes back to the caller
   */
  Behavior<?> rank(RankAssignment assignment, Lane lane, SharedDataPlane dataPlane);
}
