package org.halocline.runtime.cluster;

/**
 * One actor.
 *
 * @param path within its node
 * @param state what it does now, in a word or two
 * @param restarts of this actor, or starts of what it stands for beyond the first
 * @param lastError empty if there was none
 * @param sinceEpochMillis when it started
 */
public record ActorStatus(String path, String node, String state, int restarts, String lastError,
    long sinceEpochMillis) {}
