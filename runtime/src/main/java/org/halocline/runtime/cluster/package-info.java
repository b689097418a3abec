/**
 * What a cluster is asked and what it answers: requests to the coordinator, numbered events, and the status of nodes,
 * lanes, jobs and actors. Records only, all of which may cross nodes. Not responsible for how jobs run: {@code
 * runtime.coordinator} is.
 */
package org.halocline.runtime.cluster;
