/** Whole programs of the language, as a user writes them; tests sample them. */
package org.halocline.sampler.example;
