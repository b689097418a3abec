/**
 * How the ranks of a domain exchange data: the port that a transport implements
 * ({@link org.halocline.cosmology.comm.Port}), and halos and exact sums over all ranks on top of it. A port sees
 * staging memory of the host; it knows neither fields nor actors.
 */
package org.halocline.cosmology.comm;
