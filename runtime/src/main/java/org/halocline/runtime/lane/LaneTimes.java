package org.halocline.runtime.lane;

/**
 * What a lane did since it was opened.
 *
 * @param busyNs time some thread held it, the current hold included
 * @param waitedNs time threads stood in line for it, summed over threads
 * @param holds how many holds ended
 * @param copiedNs part of the busy time in which numbers were moved to and from staging memory
 */
public record LaneTimes(long busyNs, long waitedNs, long holds, long copiedNs) {}
