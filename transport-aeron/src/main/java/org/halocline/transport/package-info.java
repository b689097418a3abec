/**
 * What a user of the data plane holds: settings, addresses, the link of a rank and its transfers, and the counters of
 * its traffic. The data plane moves blocks of native memory between the ranks of a domain, over Aeron.
 *
 * <p>
 * A node starts one {@link org.halocline.transport.plane.DataPlane}. Each rank that runs on the node joins its domain
 * and gets a {@link org.halocline.transport.Link}. A receiver posts the memory of a transfer, which sends a credit. The
 * credit releases the sender, which cuts the block into frames that are copied straight into place. Frame order does
 * not matter: each frame carries its offset.
 *
 * <p>
 * Not responsible for: deciding which node is alive (cluster membership declares the loss of a peer and calls
 * {@link Link#revoke()}), small control messages, encryption, or anything that knows what the bytes mean.
 */
package org.halocline.transport;
