/**
 * The one way settings are read: every problem is collected, with key, value, bound and remedy, and nothing is thrown
 * at the user piecemeal. Not responsible for what the settings mean.
 */
package org.halocline.runtime.config;
