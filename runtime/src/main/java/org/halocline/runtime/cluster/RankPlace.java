package org.halocline.runtime.cluster;

/**
 * Where a rank is.
 *
 * @param lane
 *          number of the lane on its node
 */
public record RankPlace(int domain, int rank, String node, int lane) {}
