/**
 * Files that several processes may want to change: atomic writes, and ownership that fences off an earlier owner. Not
 * responsible for what the files hold.
 */
package org.halocline.runtime.files;
