/**
 * The supervisor of one start of a job: checks it, opens its run directory, starts its actor and winds it up. Not
 * responsible for when a job starts, nor on which lanes.
 */
package org.halocline.runtime.supervisor;
