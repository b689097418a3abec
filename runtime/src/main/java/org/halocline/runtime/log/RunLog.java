package org.halocline.runtime.log;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Appends what this process logs, from INFO, to a log file while it is open. */
public record RunLog(Runnable detach) implements AutoCloseable {
  /** All of it. Does nothing where another logging backend than Logback is at work. */
  public static RunLog attach(Path file) {
    return attach(file, _ -> true);
  }

  /**
   * Only what is of one job, as {@link JobMdc} says.
   *
   * @param withProcess also what is of no job: where the process is there for this job
   */
  public static RunLog attach(Path file, String jobId, boolean withProcess) {
    return attach(file, marked -> marked.map(jobId::equals).orElse(withProcess));
  }

  private static RunLog attach(Path file, Predicate<Optional<String>> wanted) {
    if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context))
      return new RunLog(() -> {});
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern("%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX, UTC} %-5level %logger{24} - %msg%n%ex");
    encoder.start();
    FileAppender<ILoggingEvent> appender = new FileAppender<>();
    appender.setContext(context);
    appender.setName("run-log " + file);
    appender.setFile(file.toString());
    appender.setAppend(true);
    appender.setEncoder(encoder);
    appender.addFilter(new Filter<>() {
      @Override
      public FilterReply decide(ILoggingEvent event) {
        return wanted.test(JobMdc.present()) ? FilterReply.NEUTRAL : FilterReply.DENY;
      }
    });
    appender.start();
    ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.addAppender(appender);
    return new RunLog(() -> {
      root.detachAppender(appender);
      appender.stop();
      encoder.stop();
    });
  }

  @Override
  public void close() {
    detach.run();
  }
}
