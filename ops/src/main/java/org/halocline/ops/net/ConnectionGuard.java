package org.halocline.ops.net;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.japi.function.Procedure;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.BidiShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * Stands between a connection and the HTTP layer on it. It tells the {@link Connection} what passes, and ends the
 * connection where it is overdue or cut. Half a request is answered by 408.
 */
final class ConnectionGuard extends GraphStage<BidiShape<ByteString, ByteString, ByteString, ByteString>> {
  private static final ByteString TOO_SLOW = ByteString.fromString(
      "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  private static final Duration EVERY = Duration.ofSeconds(1);
  /** The rest of a request may come in for so long after its answer, so that the caller can read the answer. */
  private static final Duration LINGER = Duration.ofSeconds(2);
  /** So many bytes are sent at a time, so that a slow reader is seen to read. */
  private static final int PIECE = 32 << 10;
  private static final String LOOK = "look";
  private static final String LEAVE = "leave";

  private final Inlet<ByteString> fromHttp = Inlet.create("fromHttp");
  private final Outlet<ByteString> toNet = Outlet.create("toNet");
  private final Inlet<ByteString> fromNet = Inlet.create("fromNet");
  private final Outlet<ByteString> toHttp = Outlet.create("toHttp");
  private final Connection connection;
  private final Connections connections;

  ConnectionGuard(Connection connection, Connections connections) {
    this.connection = connection;
    this.connections = connections;
  }

  @Override
  public BidiShape<ByteString, ByteString, ByteString, ByteString> shape() {
    return BidiShape.of(fromHttp, toNet, fromNet, toHttp);
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends TimerGraphStageLogic {
    private ByteString left = ByteString.emptyByteString();
    private boolean lingers;

    Logic() {
      super(ConnectionGuard.this.shape());
      setHandlers(fromNet, toHttp, new Requests());
      setHandlers(fromHttp, toNet, new Answers());
    }

    private final class Requests extends AbstractInOutHandler {
      @Override
      public void onPush() {
        ByteString bytes = grab(fromNet);
        if (lingers) {
          pull(fromNet);
          return;
        }
        connection.received(bytes.size());
        push(toHttp, bytes);
      }

      @Override
      public void onUpstreamFinish() {
        complete(toHttp);
      }

      @Override
      public void onUpstreamFailure(Throwable failure) {
        fail(toHttp, failure);
      }

      @Override
      public void onPull() {
        if (!isClosed(fromNet))
          pull(fromNet);
      }

      @Override
      public void onDownstreamFinish(Throwable cause) {
        lingers = true;
        if (!isClosed(fromNet) && !hasBeenPulled(fromNet))
          pull(fromNet);
        scheduleOnce(LEAVE, LINGER);
      }
    }

    private final class Answers extends AbstractInOutHandler {
      @Override
      public void onPush() {
        left = grab(fromHttp);
        piece();
      }

      @Override
      public void onUpstreamFinish() {
        if (left.isEmpty())
          complete(toNet);
      }

      @Override
      public void onUpstreamFailure(Throwable failure) {
        fail(toNet, failure);
      }

      @Override
      public void onPull() {
        connection.sent();
        if (!left.isEmpty())
          piece();
        else if (isClosed(fromHttp))
          complete(toNet);
        else
          pull(fromHttp);
      }

      @Override
      public void onDownstreamFinish(Throwable cause) {
        cancel(fromHttp, cause);
      }
    }

    /** Sends a piece, also an empty one, which HTTP may hand over. */
    private void piece() {
      ByteString next = left.take(PIECE);
      left = left.drop(next.size());
      connection.sends();
      push(toNet, next);
    }

    @Override
    public void preStart() {
      Procedure<String> cut = _ -> end();
      AsyncCallback<String> callback = createAsyncCallback(cut);
      connection.cutBy(() -> callback.invoke(LEAVE));
      scheduleAtFixedRate(LOOK, EVERY, EVERY);
    }

    @Override
    public void onTimer(Object key) {
      if (key.equals(LEAVE))
        cancel(fromNet);
      else if (connection.isOverdue(connections.limits()))
        end();
    }

    /** Bytes on their way to a caller that does not read them are given up. */
    private void end() {
      if (isAvailable(toNet) && connection.rests()) {
        if (connection.hasBegun())
          push(toNet, TOO_SLOW);
        completeStage();
        return;
      }
      if (!isClosed(toNet))
        fail(toNet, new TimeoutException("the connection was cut"));
      completeStage();
    }

    @Override
    public void postStop() {
      connections.remove(connection);
    }
  }
}
