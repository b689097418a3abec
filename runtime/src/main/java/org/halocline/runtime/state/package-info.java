/**
 * The state directory: what a cluster keeps on disk so that any of its nodes may die, all of them too. Orders, states and events
 * of jobs, blobs, the token, the numbers of coordinators and the lease that decides partitions. Not responsible for what is
 * done with them.
 */
package org.halocline.runtime.state;
