package org.halocline.ops;

import java.nio.file.Path;
import org.halocline.ops.http.HttpSettings;
import org.halocline.ops.machine.Machine;
import org.halocline.runtime.node.NodeSettings;

/**
 * How a node is to start, all told.
 *
 * @param log
 *          its log file
 */
record NodePlan(NodeSettings settings, HttpSettings http, Machine machine, String cluster, Path state, Path log) {

  /** The same at the addresses that it has found, so that others find it there again. */
  NodePlan at(String address, int httpPort) {
    int colon = address.lastIndexOf(':');
    NodeSettings there = colon < 1
        ? settings
        : settings.withEndpoint(settings.host(), Integer.parseInt(address.substring(colon + 1)));
    return new NodePlan(there, http.withEndpoint(http.host(), httpPort), machine, cluster, state, log);
  }
}
