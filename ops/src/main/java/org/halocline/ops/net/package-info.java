/**
 * Connections of the HTTP server: who may hold how many, and for how long without asking anything. What is asked, and by
 * whom, is not its business.
 */
package org.halocline.ops.net;
