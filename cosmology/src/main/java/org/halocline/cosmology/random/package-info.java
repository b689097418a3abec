/** Random numbers that depend on a key and on the index of a cell alone, so that every layout draws the same ones. */
package org.halocline.cosmology.random;
