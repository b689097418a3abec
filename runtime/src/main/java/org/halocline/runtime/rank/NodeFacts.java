package org.halocline.runtime.rank;

import java.util.function.Supplier;

/**
 * What an agent tells of its node besides its lanes.
 *
 * @param version of its Halocline
 * @param memoryBytes that all lanes may use together
 * @param proof reads what the coordinator has written into the state directory, as this node sees it; blocks on the
 * disk
 */
public record NodeFacts(String version, long memoryBytes, Supplier<String> proof) {}
