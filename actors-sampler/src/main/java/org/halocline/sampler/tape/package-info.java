/**
 * A coarse reverse-mode tape, run alike by every rank of a domain: scalar arithmetic on replicated numbers, and whole
 * kernels with hand-written adjoints on sharded fields. It knows neither probability nor actors.
 */
package org.halocline.sampler.tape;
