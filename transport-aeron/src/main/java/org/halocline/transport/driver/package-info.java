/**
 * A node's media driver: its directory, its UDP port and channels, and what the kernel grants it. It knows no frames
 * and no ranks.
 */
package org.halocline.transport.driver;
