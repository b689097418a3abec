/** The data plane of a node: one thread that joins ranks, pairs posts with sends, and copies frames in and out. */
package org.halocline.transport.plane;
