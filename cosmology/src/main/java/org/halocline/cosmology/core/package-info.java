/** The kernels of a lane that is one CPU core: plain arrays, scalar code that the JIT compiles well, one thread. */
package org.halocline.cosmology.core;
