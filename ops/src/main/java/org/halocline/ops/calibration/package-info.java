/**
 * Measures the constants of the cost model on this machine and keeps them in a file. The cost model itself is the
 * sampler's and the domain's.
 */
package org.halocline.ops.calibration;
