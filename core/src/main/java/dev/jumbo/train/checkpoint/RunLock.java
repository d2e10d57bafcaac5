package dev.jumbo.train.checkpoint;

import dev.jumbo.dist.launch.Host;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One training at a time in a directory: two would delete each other's checkpoints. The operating system gives the lock back
 * however the process ends. On a file system that knows no locks there is a warning instead.
 */
public final class RunLock implements AutoCloseable {
    /** In the directory of the run, as long as it is trained: who holds it. */
    static final String FILE = ".lock";

    private static final int SHOWN = 200;

    /** Where the lock is: on some systems what is locked cannot be read. */
    private static final long BEHIND_TEXT = 1L << 40;

    /** Of this process. */
    private static final Map<Path, String> HELD = new ConcurrentHashMap<>();

    private static final Logger LOG = LoggerFactory.getLogger(RunLock.class);

    private final Path file;
    private final @Nullable FileChannel channel;
    private final boolean made;

    private RunLock(Path file, @Nullable FileChannel channel, boolean made) {
        this.file = file;
        this.channel = channel;
        this.made = made;
    }

    /**
     * Locks the directory of a run, which is made if it is not there.
     *
     * @throws InputException if another training holds it, saying which
     * @throws FailureException if the directory cannot be written to
     */
    public static RunLock acquire(Path run) {
        boolean made = !Files.exists(run);
        try {
            Files.createDirectories(run);
            Path file = run.toRealPath().resolve(FILE);
            String holder = holder();
            // Not by the file: a process that opens and closes it once more gives up the lock that it has.
            String here = HELD.putIfAbsent(file, holder);
            if (here != null) {
                throw held(run, here);
            }
            try {
                FileChannel channel = lock(run, file, holder);
                return new RunLock(file, channel, made);
            } catch (IOException | RuntimeException e) {
                HELD.remove(file);
                throw e;
            }
        } catch (IOException e) {
            throw new FailureException("the directory " + run + " cannot be written to: " + e, e);
        }
    }

    /** @return null where the file system has no locks */
    private static @Nullable FileChannel lock(Path run, Path file, String holder) throws IOException {
        while (true) {
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            FileLock lock;
            try {
                lock = channel.tryLock(BEHIND_TEXT, 1, false);
            } catch (IOException e) {
                LOG.warn(
                        "{} cannot be locked ({}): see to it that no other training uses the directory",
                        file,
                        e.toString());
                channel.close();
                return null;
            }
            if (lock == null) {
                throw held(run, channel);
            }
            if (isStill(file, channel)) {
                write(channel, holder + "\n");
                return channel;
            }
            channel.close(); // Its holder has ended and removed it between opening and locking.
        }
    }

    /** Whether the name still means the file that was locked: told by a length, as opening it again would unlock it. */
    private static boolean isStill(Path file, FileChannel channel) throws IOException {
        int length = 1 + (int) (System.nanoTime() & 0xFFF);
        write(channel, " ".repeat(length));
        try {
            return Files.size(file) == length;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static String holder() {
        return "process " + ProcessHandle.current().pid() + " on " + Host.name() + " since "
                + Instant.now().truncatedTo(ChronoUnit.SECONDS);
    }

    private static void write(FileChannel channel, String text) throws IOException {
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
    }

    private static InputException held(Path run, FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(SHOWN);
        try (channel) {
            channel.read(text, 0);
        }
        return held(run, new String(text.array(), 0, text.position(), StandardCharsets.UTF_8).strip());
    }

    private static InputException held(Path run, String holder) {
        return new InputException("the directory " + run + " is in use by another training"
                + (holder.startsWith("process ") ? " (" + holder + ")" : "")
                + ": wait until it ends, or choose another directory. Processes that are to train together need a launcher"
                + " whose variables say so, see docs/distributed.md");
    }

    /** Gives the directory back; one that was made for this and has stayed empty goes. */
    @Override
    public void close() {
        try (FileChannel closed = channel) {
            Files.deleteIfExists(file);
            Path run = file.getParent();
            if (made && run != null) {
                Files.deleteIfExists(run);
            }
        } catch (DirectoryNotEmptyException e) {
            LOG.debug("{} has a run", file.getParent());
        } catch (IOException e) {
            LOG.warn("cannot remove {}: {}", file, e.toString());
        } finally {
            HELD.remove(file);
        }
    }
}
