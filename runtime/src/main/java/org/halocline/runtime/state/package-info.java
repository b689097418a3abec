/**
 * The state directory of a cluster: the token, blobs, signs of life of the nodes, and the lease that decides
 * partitions. Its jobs are read and written by {@code runtime.store}.
 */
package org.halocline.runtime.state;
