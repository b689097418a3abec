/**
 * The HTTP server of a node: access, routes as a table, errors as JSON. Knows nothing of what routes answer; that is
 * {@code org.halocline.ops.api}'s.
 */
package org.halocline.ops.http;
