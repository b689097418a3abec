/**
 * The command line {@code halocline}. Each command has a package of its own; no command plans or computes anything
 * itself. Jobs are checked, planned and run by the modules below.
 */
package org.halocline.ops;
