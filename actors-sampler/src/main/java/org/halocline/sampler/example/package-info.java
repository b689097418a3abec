/**
 * Models written in the probabilistic language, each in a page: to run, by {@code model { class = "…" }}, and to begin
 * one's own from.
 */
package org.halocline.sampler.example;
