/**
 * One chain: what its ranks run, and the actor that drives them, adapts, writes draws and checkpoints. How a domain
 * carries commands to its ranks is not decided here.
 */
package org.halocline.sampler.chain;
