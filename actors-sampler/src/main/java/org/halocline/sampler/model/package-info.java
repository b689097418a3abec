/** What models turn parameters and white noise into, and how fields leave the ranks. */
package org.halocline.sampler.model;
