/**
 * The inner loops of a core: particles and differences along one line of sites, as scalar code and as vector code that
 * agree to the bit.
 */
package org.halocline.cosmology.core.lines;
