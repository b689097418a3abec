/** Reads the files of a run directory as far as they were written when they were opened, in bounded memory. */
package org.halocline.ops.results;
