/**
 * What a run leaves behind: CmdStan-style CSV of parameters, draws and moments of fields as npy, and the final table.
 */
package org.halocline.sampler.draws;
