package org.halocline.runtime.cluster;

/** What reaches the coordinator: a {@link ClusterRequest}, or news from its own cluster. */
public interface CoordinatorMessage {}
