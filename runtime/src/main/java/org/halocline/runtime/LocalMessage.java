package org.halocline.runtime;

import org.apache.pekko.actor.NoSerializationVerificationNeeded;

/**
 * Marks a message that never leaves its node and may hold what cannot be serialised. With
 * {@code pekko.actor.serialize-messages = on}, as the tests run, a message must be either this or a
 * {@link WireMessage}.
 */
public interface LocalMessage extends NoSerializationVerificationNeeded {}
