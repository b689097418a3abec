/**
 * The substrate that runs jobs on a cluster of nodes: lanes, layouts, jobs, run directories and the actors that connect
 * them. It knows no physics; higher modules plug in what a job kind and a rank do. This package itself holds only the
 * marker of messages that cross nodes.
 */
package org.halocline.runtime;
