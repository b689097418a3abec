/**
 * Warm-up: what a chain learns about step size and metric from its own draws. Plain state machines without actors; all of
 * their state can be written down exactly and taken up again.
 */
package org.halocline.sampler.adapt;
