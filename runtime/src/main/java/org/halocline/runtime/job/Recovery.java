package org.halocline.runtime.job;

/**
 * How one failure was got over.
 *
 * @param cause what failed
 * @param detectMillis from the last sign of life of what failed until it was declared lost
 * @param replanMillis from then until the job's actor was started again, waiting for lanes included
 * @param lostMillis of work: from the last checkpoint until the failure was noticed
 */
public record Recovery(String cause, long detectMillis, long replanMillis, long lostMillis) {}
