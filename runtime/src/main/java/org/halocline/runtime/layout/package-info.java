/**
 * Layouts, chain × x × y, and the planner that chooses one for the lanes there are. Not responsible for what a layout
 * costs: the job says so.
 */
package org.halocline.runtime.layout;
