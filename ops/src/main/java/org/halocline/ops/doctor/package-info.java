/** Looks at this machine, its JVM and its GPUs, and says what Halocline lacks here. */
package org.halocline.ops.doctor;
