/**
 * How code that is no actor talks to a cluster's coordinator: questions and answers, and events as they come. Not responsible
 * for what the coordinator does.
 */
package org.halocline.runtime.client;
