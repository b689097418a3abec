/** What one host has to share among its nodes: cores, memory, GPUs, and what Slurm grants. */
package org.halocline.runtime.host;
