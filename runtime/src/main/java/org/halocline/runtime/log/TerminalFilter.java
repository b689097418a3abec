package org.halocline.runtime.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;

/** What of the log a user's terminal shows: our own warnings, and errors. Warnings of libraries are in the log file. */
public final class TerminalFilter extends Filter<ILoggingEvent> {
  private static final String OURS = "org.halocline.";

  @Override
  public FilterReply decide(ILoggingEvent event) {
    Level least = event.getLoggerName().startsWith(OURS) ? Level.WARN : Level.ERROR;
    return event.getLevel().isGreaterOrEqual(least) ? FilterReply.NEUTRAL : FilterReply.DENY;
  }
}
