package org.halocline.ops;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.halocline.ops.api.NodeApi;
import org.halocline.ops.client.ApiClient;
import org.halocline.ops.client.ExitCode;
import org.halocline.ops.http.AccessToken;
import org.halocline.ops.http.HttpException;
import org.halocline.ops.http.HttpServer;
import org.halocline.ops.machine.JvmNeeds;
import org.halocline.ops.machine.Machine;
import org.halocline.runtime.config.BadInputException;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.node.HaloclineNode;
import org.halocline.runtime.node.NodeException;
import org.halocline.runtime.node.NodeParts;
import org.halocline.runtime.run.RunLog;
import org.halocline.runtime.run.StorageException;
import org.halocline.runtime.state.StateDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Starts a node of a cluster and keeps it: one line says when it is ready, everything else goes to its log. It ends by a
 * signal, after its jobs have been handed over. A node that its cluster has given up, after a long pause, starts anew.
 */
@Command(name = "node", mixinStandardHelpOptions = true, versionProvider = Version.class, description = "Starts a node of a cluster. It stops cleanly on SIGTERM or Ctrl-C.")
final class NodeCommand implements Callable<Integer> {
  private static final long BEFORE_NEXT_START_MS = 2000;

  @Mixin
  private NodeOptions options;

  @Option(names = "--json", description = "Print the ready line as JSON.")
  private boolean json;

  @Option(names = "--plan-memory", hidden = true)
  private boolean planMemory;

  @Override
  public Integer call() throws InterruptedException {
    try {
      NodePlan plan = options.plan();
      if (planMemory) {
        Machine machine = plan.machine();
        System.out.println(String.join(" ", machine.options(new JvmNeeds(machine.laneBytes(), 0, true))));
        return ExitCode.DONE;
      }
      return keep(plan);
    } catch (BadInputException e) {
      return complain(ExitCode.BAD_INPUT, e.problems());
    } catch (NodeException e) {
      return complain(ExitCode.FAILURE, List.of(e.problem()));
    } catch (HttpException e) {
      return complain(ExitCode.FAILURE, List.of(e.problem()));
    } catch (StorageException e) {
      return complain(ExitCode.FAILURE, List.of(e.problem()));
    } catch (IOException e) {
      return complain(ExitCode.FAILURE, List.of(Problem.of("node", "does not start: " + e, "look at its log")));
    }
  }

  private int keep(NodePlan plan) throws IOException, InterruptedException {
    NodePlan next = plan;
    boolean first = true;
    Path log = Files.createDirectories(plan.log().getParent()).resolve(plan.log().getFileName());
    try (RunLog _ = RunLog.attach(log)) {
      while (true) {
        try {
          next = run(next, log);
          first = false;
        } catch (NodeException e) {
          if (first)
            throw e;
          System.err.println("halocline: " + e.problem());
        }
        Thread.sleep(BEFORE_NEXT_START_MS);
        System.err.println("halocline: the cluster had given this node up; it starts anew");
      }
    }
  }

  /** Until the node has ended. @return the plan of the next one, at the same addresses */
  private NodePlan run(NodePlan plan, Path log) throws IOException, InterruptedException {
    NodeParts parts = Jobs.parts();
    try (HaloclineNode node = HaloclineNode.start(plan.settings(), parts)) {
      StateDirectory state = node.state().orElseThrow();
      NodeApi api = NodeApi.of(node, parts.kinds(), log);
      try (HttpServer http = HttpServer.start(node.system(), plan.http(), Optional.of(AccessToken.of(state.token())),
          api.endpoints(), Clock.systemUTC())) {
        CoordinatedShutdown.get(node.system()).addTask(CoordinatedShutdown.PhaseServiceUnbind(), "stop-http",
            () -> java.util.concurrent.CompletableFuture.supplyAsync(() -> {
              http.close();
              return Done.getInstance();
            }));
        node.announceHttp(http.url());
        ready(node, plan, http, log);
        node.ended().toCompletableFuture().get();
        return plan.at(node.address(), http.address().getPort());
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("the end of a node never fails", e);
    }
  }

  private void ready(HaloclineNode node, NodePlan plan, HttpServer http, Path log) {
    if (json)
      System.out.println(ApiClient.JSON.createObjectNode().put("event", "ready").put("node", node.address())
          .put("cluster", plan.cluster()).put("address", http.url()).put("page", http.pageLink())
          .put("lanes", node.lanes().size()).put("state", plan.state().toString()).put("log", log.toString())
          .put("pid", ProcessHandle.current().pid()));
    else
      System.out
          .println("node " + node.address() + " of cluster " + plan.cluster() + " is ready, " + node.lanes().size()
              + (node.lanes().size() == 1 ? " lane" : " lanes") + "; page " + http.pageLink() + "; log " + log);
    System.out.flush();
  }

  private int complain(int exitCode, List<Problem> problems) {
    problems.forEach(problem -> System.err.println("halocline: " + problem));
    return exitCode;
  }
}
