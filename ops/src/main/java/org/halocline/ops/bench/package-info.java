/**
 * What {@code halocline bench} measures, each figure beside something run at the same time on the same machine. The harness
 * ({@link org.halocline.ops.bench.Timing}) knows nothing of what it times. Not responsible for other people's codes, which
 * the scripts in {@code ops/bench} install and time.
 */
package org.halocline.ops.bench;
