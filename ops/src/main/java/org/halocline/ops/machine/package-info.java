/**
 * The machine a run is planned for: its cores, the memory that is really there, and what a JVM takes of it beside the
 * job. Not responsible for what a job takes, which its plan says.
 */
package org.halocline.ops.machine;
