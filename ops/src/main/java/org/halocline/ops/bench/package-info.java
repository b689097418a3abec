/**
 * What {@code halocline bench} measures, each figure beside a second figure of the same run on the same machine. The
 * scripts in {@code ops/bench} install and time the codes of others.
 */
package org.halocline.ops.bench;
