/**
 * What a simulation will send and how long it will take, reckoned before it runs. Traffic is counted by running the
 * programs with kernels that do nothing; times follow from it and from constants that are measured once a machine.
 * Memory is not reckoned here: the plans know it to the byte.
 */
package org.halocline.sampler.model.cost;
