package org.halocline.runtime;

/**
 * Marks a message that may cross from one node to another. It is bound to Jackson CBOR, so every type that implements
 * it is a record of plain values, collections, optionals, records of those, and actor references. Control only: frames
 * are limited to 256 KiB.
 */
public interface WireMessage {}
