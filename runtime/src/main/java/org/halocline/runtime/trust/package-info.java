/** Trust between nodes: TLS for control messages, by the cluster's token or by certificates of the user's own. */
package org.halocline.runtime.trust;
