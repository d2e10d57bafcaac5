package dev.jumbo.dist.health;

import dev.jumbo.dist.World;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Compares before the first step what must be the same on all workers. Workers that differ would train, and nothing but a
 * worse result would tell: so each is told which one differs, in what, and what to do.
 */
public final class Preflight {
    /** How long a file system may take to show on one machine what was written on another. */
    private static final Duration VISIBLE = Duration.ofSeconds(5);

    private static final long PAUSE_MILLIS = 50;

    private final String host;
    private final Map<String, Fact> facts = new LinkedHashMap<>();
    private final Map<String, String> settings = new TreeMap<>();
    private String settingsAdvice = "";

    private record Fact(String value, String advice) {}

    private Preflight(String host) {
        this.host = host;
    }

    /** Of the worker on this host. */
    public static Preflight on(String host) {
        return new Preflight(host);
    }

    /**
     * Adds what must be the same.
     *
     * @param name in messages, as in "the version of Java"
     * @param advice what to do if it is not
     */
    public Preflight fact(String name, String value, String advice) {
        facts.put(name, new Fact(value.replaceAll("[\\n\\t]", " "), advice));
        return this;
    }

    /**
     * Adds settings that must be the same, so that the one that differs is told by its key with both values.
     *
     * @param values by key, as in {@code train.seed}; each on one line
     * @param advice what to do where one differs
     */
    public Preflight settings(Map<String, String> values, String advice) {
        settings.putAll(values);
        settingsAdvice = advice;
        return this;
    }

    /**
     * Tells all other workers, which call this with the same names, and hears from them.
     *
     * @param directory of the run, which must be the same one everywhere
     * @throws InputException if a fact differs from that of rank 0, on all workers, naming the first that does
     */
    public void check(World world, Path directory) {
        if (world.size() == 1) {
            return;
        }
        fact(
                "the run directory of rank 0, " + directory.toAbsolutePath() + ", to be",
                seesTokenOfFirst(world, directory) ? "there" : "not there",
                "put --out on a file system that all workers share");
        List<String> hosts = world.exchange(host);
        List<List<String>> said =
                world
                        .exchange(String.join(
                                "\n", facts.values().stream().map(Fact::value).toList()))
                        .stream()
                        .map(text -> List.of(text.split("\n", -1)))
                        .toList();
        int at = 0;
        for (Map.Entry<String, Fact> fact : facts.entrySet()) {
            String expected = said.get(0).get(at);
            for (int rank = 1; rank < world.size(); rank++) {
                String received = at < said.get(rank).size() ? said.get(rank).get(at) : "nothing";
                if (!received.equals(expected)) {
                    throw new InputException("rank " + rank + " on " + hosts.get(rank) + ": expected " + fact.getKey()
                            + " " + expected + ", as on rank 0 on " + hosts.get(0) + ", received " + received + "; "
                            + fact.getValue().advice());
                }
            }
            at++;
        }
        checkSettings(world, hosts);
    }

    private void checkSettings(World world, List<String> hosts) {
        StringBuilder own = new StringBuilder();
        settings.forEach((key, value) -> own.append(key)
                .append('\t')
                .append(value.replaceAll("[\\n\\t]", " "))
                .append('\n'));
        List<Map<String, String>> said =
                world.exchange(own.toString()).stream().map(Preflight::parse).toList();
        Map<String, String> first = said.get(0);
        for (int rank = 1; rank < world.size(); rank++) {
            Set<String> keys = new TreeSet<>(first.keySet());
            keys.addAll(said.get(rank).keySet());
            for (String key : keys) {
                String expected = first.getOrDefault(key, "nothing");
                String received = said.get(rank).getOrDefault(key, "nothing");
                if (!received.equals(expected)) {
                    throw new InputException("rank " + rank + " on " + hosts.get(rank) + ": expected " + key + ": "
                            + expected + ", as on rank 0 on " + hosts.get(0) + ", received " + received + "; "
                            + settingsAdvice);
                }
            }
        }
    }

    private static Map<String, String> parse(String text) {
        Map<String, String> values = new TreeMap<>();
        for (String line : text.split("\n", -1)) {
            int tab = line.indexOf('\t');
            if (tab > 0) {
                values.put(line.substring(0, tab), line.substring(tab + 1));
            }
        }
        return values;
    }

    /** Rank 0 writes a file of a new name, for which all look. */
    private static boolean seesTokenOfFirst(World world, Path directory) {
        Path token = null;
        try {
            if (world.isFirst()) {
                Files.createDirectories(directory);
                token = Files.createFile(directory.resolve(".preflight-" + UUID.randomUUID()));
            }
            String name = world.exchange(token == null ? "" : String.valueOf(token.getFileName()))
                    .get(0);
            boolean found = appears(directory.resolve(name));
            world.exchange("looked"); // The token may go.
            return found;
        } catch (IOException e) {
            throw new FailureException("cannot write to the run directory " + directory + ": " + e, e);
        } finally {
            delete(token);
        }
    }

    private static boolean appears(Path file) {
        long end = System.nanoTime() + VISIBLE.toNanos();
        while (!Files.exists(file)) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    @SuppressWarnings("EmptyCatch")
    private static void delete(@Nullable Path token) {
        try {
            if (token != null) {
                Files.deleteIfExists(token);
            }
        } catch (IOException e) {
            // An empty hidden file stays, which disturbs nobody.
        }
    }
}
