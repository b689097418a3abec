/**
 * A node of the cluster, and the coordinator that runs jobs on the nodes there are. Not responsible for what jobs do.
 */
package org.halocline.runtime.node;
