/**
 * The commands that ask a running cluster over HTTP. Not responsible for what a node answers:
 * {@code org.halocline.ops.api} is.
 */
package org.halocline.ops.client;
