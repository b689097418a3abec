package org.halocline.ops.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.halocline.ops.api.NodeApi;
import org.halocline.ops.cli.ExitCode;
import org.halocline.ops.cli.Plain;
import org.halocline.ops.cli.Version;
import org.halocline.ops.client.ApiClient;
import org.halocline.ops.client.NodeAddresses;
import org.halocline.ops.http.AccessToken;
import org.halocline.ops.http.HttpServer;
import org.halocline.ops.machine.JvmNeeds;
import org.halocline.ops.machine.Machine;
import org.halocline.ops.plan.Jobs;
import org.halocline.runtime.config.BadInputException;
import org.halocline.runtime.config.Bytes;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.files.StorageException;
import org.halocline.runtime.log.RunLog;
import org.halocline.runtime.membership.NodeException;
import org.halocline.runtime.node.HaloclineNode;
import org.halocline.runtime.node.NodeParts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Starts a node of a cluster and keeps it: one line says when it is ready, everything else goes to its log. It ends by
 * a signal, after its jobs have been handed over, with exit code 0. A node that its cluster has given up, after a long
 * pause, starts anew.
 */
@Command(name = "node", mixinStandardHelpOptions = true, versionProvider = Version.class,
    description = "Starts a node of a cluster. It stops cleanly on SIGTERM or Ctrl-C: its jobs go on elsewhere, "
        + "from a checkpoint.")
public final class NodeCommand implements Callable<Integer> {
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
      NodePlan plan = options.plan(planMemory);
      if (planMemory) {
        System.out.println(String.join(" ", jvm(plan.machine())));
        return ExitCode.DONE;
      }
      return keep(plan);
    } catch (BadInputException e) {
      return complain(ExitCode.BAD_INPUT, e.problems());
    } catch (NodeException e) {
      return complain(e.isBadInput() ? ExitCode.BAD_INPUT : ExitCode.FAILURE, List.of(e.problem()));
    } catch (StorageException e) {
      return complain(ExitCode.FAILURE, List.of(e.problem()));
    } catch (IOException e) {
      return complain(ExitCode.FAILURE, List.of(Problem.of("node", "does not start: " + e, "look at its log")));
    }
  }

  private static List<String> jvm(Machine machine) {
    List<String> all = new ArrayList<>(machine.options(new JvmNeeds(machine.laneBytes(), 0, true)));
    all.add("-D" + NodePlan.LANES + "=" + machine.lanes());
    return all;
  }

  private int keep(NodePlan plan) throws IOException, InterruptedException {
    Path log = Files.createDirectories(plan.log().getParent()).resolve(plan.log().getFileName());
    try (RunLog open = RunLog.attach(log); NodeEnd end = new NodeEnd(open)) {
      NodePlan next = run(plan, log, end);
      while (true)
        next = again(next, log, end);
    }
  }

  /** Tries to start the node until it has started, then runs it to its end. An obstacle may pass, and is told once. */
  private NodePlan again(NodePlan plan, Path log, NodeEnd end) throws IOException, InterruptedException {
    end.sleepUnlessStopping(BEFORE_NEXT_START_MS);
    String told = "the cluster had given this node up; it starts anew";
    System.err.println("halocline: " + told);
    while (true) {
      String why;
      try {
        List<Problem> taken = plan.takenPorts();
        if (taken.isEmpty())
          return run(plan, log, end);
        why = Problem.lines(taken);
      } catch (NodeException | StorageException e) {
        why = e.getMessage();
      }
      if (!why.equals(told))
        System.err.println("halocline: " + Plain.text(why));
      told = why;
      end.sleepUnlessStopping(BEFORE_NEXT_START_MS);
    }
  }

  /** Runs the node to its end. @return the plan of the next one, at the same addresses if it can have them */
  private NodePlan run(NodePlan plan, Path log, NodeEnd end) throws IOException, InterruptedException {
    NodeParts parts = Jobs.on(plan.machine(), Jobs.calibrated().orThrow());
    try (HaloclineNode node = HaloclineNode.start(plan.starting(), parts)) {
      try {
        return serve(node, plan, parts, log, end);
      } catch (NodeException | IllegalStateException e) {
        if (!node.ended().toCompletableFuture().isDone() && !node.isEnding())
          throw e;
        return plan; // it was given up before it was ready
      }
    }
  }

  private NodePlan serve(HaloclineNode node, NodePlan plan, NodeParts parts, Path log, NodeEnd end)
      throws IOException, InterruptedException {
    NodeApi api = NodeApi.of(node, parts.kinds(), log);
    try (HttpServer http = HttpServer.start(node.system(), plan.http(), Optional.of(AccessToken.of(node.token())),
        api.endpoints(), Clock.systemUTC())) {
      CoordinatedShutdown.get(node.system()).addTask(CoordinatedShutdown.PhaseServiceUnbind(), "stop-http",
          () -> CompletableFuture.supplyAsync(() -> {
            http.close();
            return Done.getInstance();
          }));
      boolean reached = !http.isLoopback() || NodePlan.isLoopback(plan.settings().host());
      node.announceHttp(reached ? http.url(plan.settings().host()) : "");
      NodeAddresses.of(plan.cluster().state()).leave(http.url());
      end.closes(node);
      ready(node, plan, http, log);
      node.ended().toCompletableFuture().get();
      return plan.at(node.address(), http.address().getPort());
    } catch (ExecutionException e) {
      throw new IllegalStateException("the end of a node never fails", e);
    }
  }

  private void ready(HaloclineNode node, NodePlan plan, HttpServer http, Path log) {
    String sharing = plan.sharing();
    // A key opens a session: it is for the user at the terminal, not for a log that others read.
    boolean seen = Boolean.getBoolean("halocline.terminal");
    String page = seen ? http.pageLink() : http.url();
    String lanes = node.lanes().size() + (node.lanes().size() == 1 ? " lane" : " lanes");
    String gpus = plan.machine().gpus().isEmpty() ? "" : ", " + plan.machine().gpus().inWords();
    if (json) {
      ObjectNode line = ApiClient.JSON.createObjectNode().put("event", "ready").put("node", node.address())
          .put("cluster", plan.cluster().name()).put("address", http.url()).put("page", page)
          .put("lanes", node.lanes().size()).put("memory-bytes", plan.machine().availableBytes())
          .put("state", plan.cluster().state().toString()).put("log", log.toString())
          .put("pid", ProcessHandle.current().pid());
      System.out.println(sharing.isEmpty() ? line : line.put("note", sharing));
    } else
      System.out.println("node " + node.address() + " of cluster " + plan.cluster().name() + " is ready, PID "
          + ProcessHandle.current().pid() + ": " + lanes + gpus + ", " + Bytes.text(plan.machine().availableBytes())
          + (sharing.isEmpty() ? "" : " (" + sharing + ")")
          + "; page " + page + "; log " + log);
    System.out.flush();
  }

  private int complain(int exitCode, List<Problem> problems) {
    Plain.complain(problems);
    return exitCode;
  }
}
