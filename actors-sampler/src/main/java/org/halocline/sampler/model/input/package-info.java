/** The npy files that a job names: checked before the job starts, and read block by block when it runs. */
package org.halocline.sampler.model.input;
