/**
 * How the events of a job are shown: on a terminal, as plain lines, as JSON lines; and the command that follows a job
 * in a cluster.
 */
package org.halocline.ops.watch;
