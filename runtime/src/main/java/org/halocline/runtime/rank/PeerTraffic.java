package org.halocline.runtime.rank;

/**
 * What a node's data plane exchanged with one peer, or with all of them, since it started.
 *
 * @param peer address of its data plane, or "all"
 * @param dropped frames of other domains
 * @param rejected frames that make no sense: foreign, wrong bounds, wrong checksum; "all" counts strangers' too
 */
public record PeerTraffic(String peer, long bytesSent, long bytesReceived, long dropped, long rejected) {}
