package org.halocline.transport.plane;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What callers hand to the data plane's thread. */
sealed interface Command permits OpenTransfer, Command.Join, Command.Revoke, Command.Leave, Command.Describe {
  /**
   * The data plane has stopped and will not carry this out; its thread no longer touches any memory. Callable from any
   * thread, more than once.
   */
  void refuse(String why);

  record Join(RankState rank, CompletableFuture<Void> done) implements Command {
    @Override
    public void refuse(String why) {
      done.completeExceptionally(new IllegalStateException(why));
    }
  }

  /** Ends one chain. */
  record Revoke(RankState rank, int chain, CompletableFuture<Void> done) implements Command {
    @Override
    public void refuse(String why) {
      done.complete(null);
    }
  }

  /** Ends all chains; {@code forGood} also leaves the domain. */
  record Leave(RankState rank, boolean forGood, CompletableFuture<Void> done) implements Command {
    @Override
    public void refuse(String why) {
      done.complete(null);
    }
  }

  record Describe(RankState rank, CompletableFuture<List<String>> lines) implements Command {
    @Override
    public void refuse(String why) {
      lines.complete(List.of(why));
    }
  }
}
