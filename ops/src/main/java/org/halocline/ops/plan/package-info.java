/** Checks a job, chooses its layout on this machine and says what it takes. It starts nothing and writes nothing. */
package org.halocline.ops.plan;
