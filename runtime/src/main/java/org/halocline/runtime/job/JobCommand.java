package org.halocline.runtime.job;

import org.halocline.runtime.LocalMessage;

/** What a job's actor is told. Kinds add messages of their own by implementing it; those never leave the node. */
public interface JobCommand extends LocalMessage {

  record Cancel(String reason) implements JobCommand {}
}
