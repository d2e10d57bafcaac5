package dev.jumbo.spark.gang;

import dev.jumbo.error.InputException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.BarrierTaskContext;

/**
 * Looks on every node, before a worker starts, for what workers need.
 *
 * @param classPath of a worker
 * @param sharedFile that the driver has written into the run's directory
 */
record NodeCheck(List<String> classPath, String sharedFile) implements Serializable {
    private static final long serialVersionUID = 1L;

    private static final int OLDEST_JAVA = 17;

    /**
     * What a node has.
     *
     * @param missing entries of the class path
     * @param isShared whether it sees the run's directory
     */
    record Node(String host, List<String> missing, boolean isShared, int java) implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    /** Runs in an executor. */
    Iterator<Node> call() {
        BarrierTaskContext context = BarrierTaskContext.get();
        String address = context.getTaskInfos()[context.partitionId()].address();
        // A list of Java's own class: Spark's serializer does not take all of the others'.
        List<String> missing = classPath.stream()
                .filter(entry -> !Files.exists(Path.of(entry)))
                .collect(Collectors.toCollection(ArrayList::new));
        return Collections.singletonList(new Node(
                        address.substring(0, address.lastIndexOf(':')),
                        missing,
                        Files.exists(Path.of(sharedFile)),
                        Runtime.version().feature()))
                .iterator();
    }

    /**
     * Judges what was found.
     *
     * @param directory of the run
     * @param home where Jumbo is said to be on the nodes; empty if nothing is said
     * @return entries of the class path that must travel
     * @throws InputException if a node lacks what cannot travel
     */
    static Set<String> judge(List<Node> nodes, Path directory, String home) {
        Set<String> travelling = new TreeSet<>();
        for (Node node : nodes) {
            if (!node.isShared) {
                throw new InputException("expected the directory of the run, " + directory
                        + ", on a file system that all nodes share, but " + node.host
                        + " does not see it: give --out on a shared one");
            }
            if (node.java < OLDEST_JAVA) {
                throw new InputException("expected Java " + OLDEST_JAVA + " or newer on all nodes, found " + node.java
                        + " on " + node.host + ": set JAVA_HOME there, in conf/spark-env.sh");
            }
            if (!home.isEmpty() && !node.missing.isEmpty()) {
                throw new InputException("expected Jumbo at " + home + " on all nodes, but " + node.host + " lacks "
                        + node.missing.get(0) + ": copy the directory there after a build, or leave --home out");
            }
            travelling.addAll(node.missing);
        }
        return travelling;
    }
}
