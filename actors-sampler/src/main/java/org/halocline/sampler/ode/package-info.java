/**
 * Small systems of ordinary differential equations on the tape: steps of fixed sizes, and the exact adjoint of those
 * steps. Partial differential equations and sharded fields are not its business.
 */
package org.halocline.sampler.ode;
