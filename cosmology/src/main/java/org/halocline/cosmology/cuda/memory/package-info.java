/**
 * Memory of a GPU lane: fields as device buffers, scratch, and the staging memory through which a field and the host
 * exchange data.
 */
package org.halocline.cosmology.cuda.memory;
