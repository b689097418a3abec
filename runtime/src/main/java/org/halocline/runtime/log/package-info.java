/**
 * The log of a run: what threads and actors of one job log goes to that job's file. Not responsible for what is logged.
 */
package org.halocline.runtime.log;
