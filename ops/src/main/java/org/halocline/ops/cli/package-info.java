/**
 * What all commands share: exit codes, the version, stdout and text without control characters. It asks no node and
 * plans no job.
 */
package org.halocline.ops.cli;
