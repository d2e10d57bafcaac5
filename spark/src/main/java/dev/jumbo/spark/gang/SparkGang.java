package dev.jumbo.spark.gang;

import dev.jumbo.dist.launch.ClusterLauncher;
import dev.jumbo.dist.launch.Exits;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.spark.Shipping;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Function1;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/** The workers of one run on a cluster, from the driver. Closing it ends those that live. */
final class SparkGang implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SparkGang.class);

    private static final long END_SECONDS = 5;
    private static final long EXECUTOR_SECONDS = 30;
    private static final long POLL_MILLIS = 100;

    /** Of this process's environment, what makes a worker fast: {@code ./jumbo} sets it. */
    private static final List<String> SPEED = List.of(
            "GLIBC_TUNABLES",
            "MALLOC_ARENA_MAX",
            "MALLOC_MMAP_MAX_",
            "MALLOC_TRIM_THRESHOLD_",
            "GOMP_SPINCOUNT",
            "OMP_NUM_THREADS");

    private final ClusterLauncher.Job job;
    private final JavaSparkContext spark;
    private final List<String> classPath;
    private final Set<String> sent = new HashSet<>();
    private final Thread hook = new Thread(this::stop, "jumbo-stop-gang");
    private @Nullable GangServer running;
    private boolean stopped;
    private boolean everEnough;

    SparkGang(SparkSession session, ClusterLauncher.Job job) {
        this.job = job;
        this.spark = JavaSparkContext.fromSparkContext(session.sparkContext());
        this.classPath = WorkerClassPath.of(Shipping.classPath(), job.worker().home());
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Starts so many workers and waits. @return empty if the training is done */
    Optional<Exits.Failure> attempt(int size) throws InterruptedException {
        try (GangServer server = open()) {
            use(server);
            JavaFutureAction<?> tasks = null;
            try {
                sendWhatNodesLack(size);
                job.news().accept("starting " + size + " workers on " + job.master());
                GangTask task = new GangTask(server.address(), program());
                tasks = start(size, Integer.class, task::call);
                Thread watch = new Thread(watch(tasks, server), "jumbo-gang-stage");
                watch.setDaemon(true);
                watch.start();
            } catch (ExecutionException e) {
                server.fail(reason(e));
            }
            Optional<Exits.Failure> failure = server.await(size);
            server.close();
            if (tasks != null) {
                end(tasks);
            }
            return checked(failure);
        }
    }

    /** Tasks whose workers are gone end by themselves; those that a node does not answer for are given up. */
    private static void end(JavaFutureAction<?> tasks) throws InterruptedException {
        try {
            tasks.get(END_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | CancellationException e) {
            LOG.debug("the stage failed", e);
        } catch (TimeoutException e) {
            LOG.debug("the stage does not end", e);
            tasks.cancel(true);
        }
    }

    private synchronized void use(GangServer server) {
        if (stopped) {
            server.close();
            throw new FailureException("stopped while workers were training; go on with --resume");
        }
        running = server;
    }

    private synchronized Optional<Exits.Failure> checked(Optional<Exits.Failure> failure) {
        running = null;
        if (stopped) {
            throw new FailureException("stopped while workers were training; go on with --resume");
        }
        return failure;
    }

    private GangServer open() {
        String host = spark.getConf().get("spark.driver.host");
        return GangServer.open(
                host,
                spark.getConf().get("spark.driver.bindAddress", host),
                spark.getConf().getInt("spark.jumbo.port", 0),
                job.output());
    }

    private WorkerProgram program() throws ExecutionException {
        ClusterLauncher.Worker worker = job.worker();
        Map<String, String> environment = new HashMap<>();
        for (String name : SPEED) {
            String value = System.getenv(name);
            if (value != null) {
                environment.put(name, value);
            }
        }
        environment.putAll(worker.environment());
        try {
            return new WorkerProgram(
                    WorkerClassPath.withoutSpark(worker.options()),
                    classPath,
                    worker.main().getName(),
                    worker.before(),
                    worker.configuration().getFileName().toString(),
                    Files.readString(worker.configuration()),
                    worker.after(),
                    environment,
                    Path.of("").toAbsolutePath().toString());
        } catch (IOException e) {
            throw new InputException("cannot read " + worker.configuration() + ": " + e, e);
        }
    }

    /** Looks at all nodes, and hands Spark the files that travel. */
    private void sendWhatNodesLack(int size) throws ExecutionException, InterruptedException {
        awaitExecutors(size);
        Path marker = job.directory().resolve(".shared-" + Long.toHexString(System.nanoTime()));
        List<NodeCheck.Node> nodes;
        try {
            Files.createDirectories(job.directory());
            Files.createFile(marker);
            try {
                NodeCheck check = new NodeCheck(classPath, marker.toString());
                nodes = start(size, NodeCheck.Node.class, check::call).get();
            } finally {
                Files.deleteIfExists(marker);
            }
        } catch (IOException e) {
            throw new InputException("cannot write into the directory of the run, " + job.directory() + ": " + e, e);
        }
        Path home = job.worker().home();
        for (String entry : NodeCheck.judge(nodes, job.directory(), home == null ? "" : home.toString())) {
            if (sent.add(entry)) {
                spark.addFile(entry);
            }
        }
        LOG.info("nodes: {}; sent: {}", nodes, sent);
    }

    /** They come one after the other. Where there never were enough, trying again changes nothing. */
    private void awaitExecutors(int size) throws InterruptedException {
        int cpus = job.worker().cpus();
        if (spark.sc().isLocal()) {
            int places = spark.sc().defaultParallelism() / cpus;
            if (places < size) {
                throw tooFew(size, places, "give local[N] with N of " + size * cpus + " or more");
            }
            return;
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(EXECUTOR_SECONDS);
        while (executors() < size && System.nanoTime() < end) {
            if (spark.sc().isStopped()) {
                throw new FailureException("the cluster at " + job.master()
                        + " has ended this application: see what its executors wrote, in the workers' directories");
            }
            Thread.sleep(POLL_MILLIS);
        }
        if (executors() >= size) {
            everEnough = true;
        } else if (!everEnough) {
            throw tooFew(
                    size,
                    executors(),
                    "start more workers of Spark, wait for other applications to end, or take fewer --workers or --cpus");
        }
    }

    /** One of them is the driver. */
    private int executors() {
        return spark.sc().statusTracker().getExecutorInfos().length - 1;
    }

    private InputException tooFew(int size, int found, String mend) {
        return new InputException(
                "expected places for " + size + " workers with " + job.worker().cpus()
                        + " cores each at " + job.master() + ", found " + found
                        + (spark.sc().isLocal() ? "" : " within " + EXECUTOR_SECONDS + " s") + ": " + mend);
    }

    /** All tasks at once, or none. */
    private <T> JavaFutureAction<List<T>> start(int size, Class<T> type, Work<T> work) {
        List<Integer> ranks = IntStream.range(0, size).boxed().toList();
        ClassTag<T> tag = ClassTag$.MODULE$.apply(type);
        Function1<scala.collection.Iterator<Integer>, scala.collection.Iterator<T>> body =
                (Function1<scala.collection.Iterator<Integer>, scala.collection.Iterator<T>> & Serializable)
                        rank -> scala.jdk.javaapi.CollectionConverters.asScala(work.get());
        return JavaRDD.fromRDD(spark.parallelize(ranks, size).rdd().barrier().mapPartitions(body, false, tag), tag)
                .collectAsync();
    }

    /** What a task does. */
    private interface Work<T> extends Supplier<Iterator<T>>, Serializable {}

    /** Of a stage that does not end well, nobody else hears. */
    private static Runnable watch(JavaFutureAction<?> tasks, GangServer server) {
        return () -> {
            try {
                tasks.get();
            } catch (ExecutionException e) {
                server.fail(reason(e));
            } catch (InterruptedException | CancellationException e) {
                LOG.debug("nobody waits for the stage any more", e);
            }
        };
    }

    /** The first line of what Spark says. */
    private static String reason(ExecutionException e) {
        String message = String.valueOf(
                e.getCause() == null ? e.getMessage() : e.getCause().getMessage());
        return message.lines().findFirst().orElse(message);
    }

    private synchronized void stop() {
        stopped = true;
        if (running != null) {
            running.close();
        }
    }

    @Override
    public void close() {
        stop();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            LOG.debug("the JVM is ending, and the hook does its work", e);
        }
    }
}
