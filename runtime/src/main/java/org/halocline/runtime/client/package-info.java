/** The way into a cluster from a process that is none of its nodes. */
package org.halocline.runtime.client;
