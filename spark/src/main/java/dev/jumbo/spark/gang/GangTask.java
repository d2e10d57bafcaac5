package dev.jumbo.spark.gang;

import dev.jumbo.dist.launch.WorkerExit;
import dev.jumbo.dist.launch.WorkerProcess;
import dev.jumbo.error.FailureException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.BarrierTaskInfo;
import org.apache.spark.util.TaskCompletionListener;

/**
 * A task of the barrier stage: forks the worker of its rank and stays with it.
 *
 * @param driver where lines go
 * @param program what to start
 */
record GangTask(DriverLink.Address driver, WorkerProgram program) implements Serializable {
    private static final long serialVersionUID = 1L;

    /** How soon an interruption of the task is seen. */
    private static final long POLL_MILLIS = 200;

    /** Runs in an executor. The rank is the number of the partition. */
    Iterator<Integer> call() {
        BarrierTaskContext context = BarrierTaskContext.get();
        if (context.stageAttemptNumber() > 0) {
            throw new FailureException(
                    "Spark started this stage again by itself: the driver does that, from a checkpoint");
        }
        String[] hosts = hosts(context);
        int rank = context.partitionId();
        try (DriverLink link = DriverLink.connect(driver, rank, hosts[rank])) {
            try (WorkerProgram.Started started = program.start(environment(context, hosts), link)) {
                WorkerProcess worker = started.worker();
                // Also where Spark ends the task in a way that skips what follows.
                context.addTaskCompletionListener((TaskCompletionListener) ended -> worker.close());
                stay(worker, link, context, hosts[0]);
            }
            link.gone();
        }
        return Collections.emptyIterator();
    }

    private static String[] hosts(BarrierTaskContext context) {
        return Arrays.stream(context.getTaskInfos())
                .map(BarrierTaskInfo::address)
                .map(address -> address.substring(0, address.lastIndexOf(':')))
                .toArray(String[]::new);
    }

    /** The place of the rank, as torchrun says it. Ranks on one machine are numbered in order. */
    private static Map<String, String> environment(BarrierTaskContext context, String[] hosts) {
        int rank = context.partitionId();
        List<String> all = List.of(hosts);
        Map<String, String> place = new HashMap<>();
        place.put("RANK", "" + rank);
        place.put("WORLD_SIZE", "" + hosts.length);
        place.put("LOCAL_RANK", "" + Collections.frequency(all.subList(0, rank), hosts[rank]));
        place.put("LOCAL_WORLD_SIZE", "" + Collections.frequency(all, hosts[rank]));
        place.put("MASTER_ADDR", hosts[0]);
        place.put("MASTER_PORT", "0");
        place.put("OMP_NUM_THREADS", "" + context.cpus());
        return place;
    }

    /** Until the worker has ended, or is to end. */
    private static void stay(WorkerProcess worker, DriverLink link, BarrierTaskContext context, String rankZero) {
        CompletableFuture<WorkerExit> exit = worker.onExit();
        exit.thenAccept(link::ended);
        CompletableFuture<Object> end = CompletableFuture.anyOf(exit, link.ended());
        String address = "";
        if (context.partitionId() == 0) {
            CompletableFuture<String> listening = worker.rendezvous().exceptionally(e -> "");
            await(CompletableFuture.anyOf(listening, end), context);
            address = listening.getNow("");
        }
        // Every task must come here, or the others wait: also one whose worker is gone.
        String first = context.allGather(address)[0];
        if (!first.isEmpty() && context.partitionId() != 0) {
            worker.connectTo(first);
        }
        if (!first.isEmpty() || context.partitionId() == 0) {
            await(end, context); // Of rank 0 that listens nowhere, this is near.
        } else if (!exit.isDone()) {
            // Told before the worker is ended: that signal would explain more than the error of rank 0.
            link.ended(new WorkerExit(
                    WorkerExit.PEER_LOST, "rank 0 on " + rankZero + " is lost: it ended before others could meet it"));
        }
        if (exit.isDone()) {
            // Before it is said that the worker is gone, whichever thread hears of the end first.
            link.ended(exit.join());
        }
    }

    /** Waits, but no longer than the task may live. */
    private static void await(CompletableFuture<?> event, BarrierTaskContext context) {
        while (!context.isInterrupted()) {
            try {
                event.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException e) {
                continue;
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
