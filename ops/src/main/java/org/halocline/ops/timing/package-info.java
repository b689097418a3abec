/**
 * Times whole passes of jobs and single pieces. The harness ({@link org.halocline.ops.timing.Timing}) knows nothing of
 * what it times.
 */
package org.halocline.ops.timing;
