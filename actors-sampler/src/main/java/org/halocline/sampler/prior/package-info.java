/** Priors as job files write them, such as {@code uniform(0.1, 0.5)}: a table of forms that any jar can add to. */
package org.halocline.sampler.prior;
