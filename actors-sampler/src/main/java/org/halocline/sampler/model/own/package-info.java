/**
 * {@code model { class = "…" }}: a model that a user writes in the probabilistic language. A run of its program without
 * numbers finds its sites, its grids and its memory before anything is allocated.
 */
package org.halocline.sampler.model.own;
