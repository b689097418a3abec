/**
 * The run directory: what a run leaves on disk, so that it can be killed at any moment and go on. Not responsible for
 * what is in results and checkpoints.
 */
package org.halocline.runtime.run;
