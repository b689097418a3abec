/**
 * What a node answers over HTTP: status, jobs, events, blobs, results, logs and the page. Not responsible for access:
 * {@code org.halocline.ops.http} is.
 */
package org.halocline.ops.api;
