/**
 * Lanes: the cores or GPUs that kernels run on, one kernel at a time each. Not responsible for which chain runs where,
 * nor for the kernels.
 */
package org.halocline.runtime.lane;
