package dev.jumbo.data.download;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.files.Durable;
import dev.jumbo.files.Sha256;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A gzip file to be fetched by HTTP.
 *
 * <p>Bytes arrive in {@code TARGET.part}; a later call continues there (HTTP Range). Once the content has the right
 * SHA-256 the part is renamed to the target, so a file under its own name is always complete. Processes that want the
 * same file wait for each other.
 *
 * @param source http or https
 * @param target the file to make
 * @param sha256 of the uncompressed content, in hexadecimal: mirrors compress it differently
 * @param bytes length of the uncompressed content; nothing beyond it is unpacked
 */
public record Download(URI source, Path target, String sha256, long bytes) {
    private static final Logger log = LoggerFactory.getLogger(Download.class);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int PARTIAL_CONTENT = 206;
    private static final int RANGE_NOT_SATISFIABLE = 416;

    public Download {
        String scheme = String.valueOf(source.getScheme());
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new InputException("expected an http or https address to download from, received " + source);
        }
    }

    /**
     * Fetches the file unless it is there.
     *
     * @return the target
     * @throws FailureException if the server cannot be reached, answers with an error, or sends something else
     */
    public Path fetch() {
        if (Files.isRegularFile(target)) {
            return target;
        }
        try {
            Files.createDirectories(target.toAbsolutePath().getParent());
            Path lock = beside(".lock");
            try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock held = channel.lock()) {
                // Another process may have fetched it while this one waited for the lock.
                if (held.isValid() && !Files.isRegularFile(target)) {
                    receive();
                }
            }
            return target;
        } catch (IOException e) {
            throw new FailureException(offline(e.toString()), e);
        }
    }

    private void receive() throws IOException {
        Path part = beside(".part");
        boolean resumed = Files.exists(part) && Files.size(part) > 0;
        transfer(part);
        String received = contentSha256(part);
        if (!received.equals(sha256) && resumed) {
            // The part may have been of another version of the file.
            log.warn("{} does not fit what was there before; downloading it from the start", source);
            Files.delete(part);
            transfer(part);
            received = contentSha256(part);
        }
        if (!received.equals(sha256)) {
            Files.delete(part);
            throw new FailureException("the content of " + source + " is not what it should be: expected SHA-256 "
                    + sha256 + ", received " + received + "; nothing was kept; try again or name another mirror");
        }
        Durable.rename(part, target);
    }

    /** Continues the part if the server can, starts it anew if not. */
    private void transfer(Path part) throws IOException {
        long have = Files.exists(part) ? Files.size(part) : 0;
        HttpRequest.Builder request = HttpRequest.newBuilder(source).timeout(PATIENCE);
        if (have > 0) {
            request.header("Range", "bytes=" + have + "-");
        }
        HttpResponse<InputStream> response = send(request.build());
        try (InputStream body = response.body()) {
            if (response.statusCode() == RANGE_NOT_SATISFIABLE && have > 0) {
                return; // nothing is missing; the checksum says whether it is right
            }
            boolean append = response.statusCode() == PARTIAL_CONTENT;
            if (response.statusCode() != 200 && !append) {
                throw new FailureException(offline("HTTP status " + response.statusCode()));
            }
            log.info("downloading {}{}", source, append ? " from byte " + have : "");
            try (FileChannel out = FileChannel.open(
                    part,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    append ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING)) {
                copy(body, out, append ? have : 0);
            }
        }
    }

    /** Stops at a length that no compressed form of the content has, so that a server cannot fill the disk. */
    private void copy(InputStream from, FileChannel to, long have) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long limit = bytes + bytes / 1000 + (1 << 16);
        long total = have;
        int count;
        while ((count = from.read(buffer)) >= 0) {
            total += count;
            if (total > limit) {
                throw new FailureException(source + " sends more than the expected " + bytes
                        + " bytes of content can take when compressed; name another mirror");
            }
            for (ByteBuffer piece = ByteBuffer.wrap(buffer, 0, count); piece.hasRemaining(); ) {
                to.write(piece);
            }
        }
        to.force(true);
    }

    private HttpResponse<InputStream> send(HttpRequest request) throws IOException {
        HttpClient client = HttpClient.newBuilder()
                .connectTimeout(PATIENCE)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailureException("the download of " + source + " was interrupted", e);
        }
    }

    /** Of the unpacked content, or a text that says why there is none. */
    private String contentSha256(Path packed) throws IOException {
        MessageDigest sha = Sha256.digest();
        byte[] buffer = new byte[1 << 16];
        long total = 0;
        try (InputStream file = new BufferedInputStream(Files.newInputStream(packed));
                InputStream in = new GZIPInputStream(file, 1 << 16)) {
            int count;
            while ((count = in.read(buffer)) >= 0) {
                total += count;
                if (total > bytes) {
                    return "more than the " + bytes + " bytes of content";
                }
                sha.update(buffer, 0, count);
            }
        } catch (ZipException | EOFException e) {
            return "a file that is not complete gzip (" + e.getMessage() + ")";
        }
        return Sha256.hex(sha);
    }

    private Path beside(String suffix) {
        return target.resolveSibling(target.getFileName() + suffix);
    }

    private String offline(String reason) {
        return "cannot download " + source + " (" + reason + "); if this machine is offline, put the file at " + target
                + " by hand, or name a directory that has the data";
    }
}
