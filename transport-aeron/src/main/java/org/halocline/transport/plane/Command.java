package org.halocline.transport.plane;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What callers hand to the data plane's thread. */
sealed interface Command permits OpenTransfer, Command.Join, Command.Revoke, Command.Leave, Command.Describe {
  record Join(RankState rank, CompletableFuture<Void> done) implements Command {}

  /** Ends one chain. */
  record Revoke(RankState rank, int chain, CompletableFuture<Void> done) implements Command {}

  /** Ends all chains; {@code forGood} also leaves the domain. */
  record Leave(RankState rank, boolean forGood, CompletableFuture<Void> done) implements Command {}

  record Describe(RankState rank, CompletableFuture<List<String>> lines) implements Command {}

  /**
   * The data plane has stopped and will not carry this out; its thread no longer touches any memory. Callable from any
   * thread, more than once.
   */
  default void refuse(String why) {
    switch (this) {
      case OpenTransfer transfer -> transfer.fail(why);
      case Join join -> join.done.completeExceptionally(new IllegalStateException(why));
      case Revoke revoke -> revoke.done.complete(null);
      case Leave leave -> leave.done.complete(null);
      case Describe describe -> describe.lines.complete(List.of(why));
    }
  }
}
