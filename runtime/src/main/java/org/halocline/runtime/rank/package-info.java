/**
 * What a node does for the ranks of a domain: its agent offers lanes, starts ranks on them and opens the data plane.
 * Not responsible for what a rank computes; actors-domain is, through {@link org.halocline.runtime.rank.RankHost}.
 */
package org.halocline.runtime.rank;
