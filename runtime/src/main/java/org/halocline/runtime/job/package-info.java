/**
 * Jobs: how a job file becomes a message, and what a module provides to offer a kind of job. Not responsible for where
 * a job runs.
 */
package org.halocline.runtime.job;
