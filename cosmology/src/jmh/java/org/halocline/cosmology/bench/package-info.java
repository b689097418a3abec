/** JMH benchmarks of kernels and transforms on one core. Compiled and run under the Maven profile {@code bench} only. */
package org.halocline.cosmology.bench;
