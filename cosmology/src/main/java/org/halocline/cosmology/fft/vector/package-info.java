/**
 * Line transforms on vectors: the passes of a length ({@code Passes}), their butterflies by radix, and the moves between arrays and
 * the tile in which a bundle of lines is transformed. Methods that hold vectors take and return none: HotSpot keeps a vector in
 * registers only within what it inlines, and gives up inlining where a method has once been compiled to much code.
 */
package org.halocline.cosmology.fft.vector;
