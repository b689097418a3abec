/**
 * What a coordinator keeps of its jobs: orders, states and events, and what a later coordinator reads of them when it
 * takes over. Not responsible for what is done with the jobs.
 */
package org.halocline.runtime.store;
