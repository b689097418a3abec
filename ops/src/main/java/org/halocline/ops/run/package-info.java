/** The commands that run a job: on a node of this process ({@code run}) or in a cluster ({@code submit}). */
package org.halocline.ops.run;
