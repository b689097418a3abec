/**
 * The data plane: moves blocks of native memory between the ranks of a domain, over Aeron.
 *
 * <p>
 * A node starts one {@link org.halocline.transport.DataPlane}; every rank that runs on it joins an epoch of its domain and gets a
 * {@link org.halocline.transport.Link}. A receiver posts where a transfer goes, which sends a credit; the credit releases the sender,
 * which cuts the block into frames that are copied straight into place. Frame order does not matter: each carries its offset.
 *
 * <p>
 * Not responsible for: deciding who is alive (cluster membership declares the loss of a peer and calls {@link Link#revoke()}), small
 * control messages, checksums and encryption, or anything that knows what the bytes mean.
 */
package org.halocline.transport;
