/**
 * The frames of the data plane: their header, their checksum, and the secret that a stream must prove. No state of
 * transfers.
 */
package org.halocline.transport.wire;
