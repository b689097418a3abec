/**
 * Connections of the HTTP server: how many a peer may hold, and for how long without a request. Not responsible for
 * requests, or for the rights of callers.
 */
package org.halocline.ops.net;
