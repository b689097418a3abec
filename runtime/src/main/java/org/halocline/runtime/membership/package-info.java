/** Membership of a Pekko cluster: who may join, which member's process has ended, and how an actor system ends. */
package org.halocline.runtime.membership;
