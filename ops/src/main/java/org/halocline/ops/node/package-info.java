/**
 * The command that starts a node of a cluster and keeps it running until a signal. The node itself is the runtime's.
 */
package org.halocline.ops.node;
