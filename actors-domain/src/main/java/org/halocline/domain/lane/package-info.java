/**
 * Lanes with kernels: the cores of a node, and its GPUs. How long a lane is held is decided by the chains that hold it.
 */
package org.halocline.domain.lane;
