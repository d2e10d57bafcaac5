package dev.jumbo.data.shards;

import dev.jumbo.error.InputException;
import dev.jumbo.files.Durable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes one tar shard in the layout of WebDataset: the files of an example follow each other and have one name but for
 * what comes behind its first dot, as {@code 000123.cls} and {@code 000123.png}. The file appears when {@link #finish}
 * returns. Equal examples give equal bytes: owner, time and mode are constant, and extensions are in their own order.
 */
public final class TarShardWriter implements AutoCloseable {
    /** The most bytes of a shard: 1 GiB, which one memory map holds. */
    public static final long LIMIT = 1L << 30;

    private static final int END = 2 * TarHeader.BLOCK;
    private static final String STEM = "shard-";

    private final String name;
    private final long limit;
    private final ShardOutput tar;
    private long examples;
    private String last = "";

    private TarShardWriter(String name, long limit, ShardOutput tar) {
        this.name = name;
        this.limit = limit;
        this.tar = tar;
    }

    /** Begins a shard in a directory, which is made if it is not there. @param number the shard's place in the set, from 0 */
    public static TarShardWriter create(Path dir, int number) {
        return create(dir, number, LIMIT);
    }

    /** As {@link #create(Path, int)} with less room. @param limit bytes of the file, up to {@link #LIMIT} */
    public static TarShardWriter create(Path dir, int number, long limit) {
        if (number < 0 || limit < END || limit > LIMIT) {
            throw new InputException("expected a shard's number of 0 or more and a limit of " + END + " to " + LIMIT
                    + " bytes, received " + number + " and " + limit);
        }
        String name = String.format("%s%05d.tar", STEM, number);
        return new TarShardWriter(name, limit, ShardOutput.create(dir.resolve(name)));
    }

    /** Whether an example still has room. */
    public boolean fits(String key, Map<String, byte[]> parts) {
        long bytes = 0;
        for (Map.Entry<String, byte[]> part : parts.entrySet()) {
            String path = path(key, part.getKey());
            long extended = TarHeader.fits(path) ? 0 : TarHeader.BLOCK + TarHeader.padded(pax(path).length);
            bytes += extended + TarHeader.BLOCK + TarHeader.padded(part.getValue().length);
        }
        return tar.bytes() + bytes + END <= limit;
    }

    /**
     * Writes an example.
     *
     * @param key its name, other than that of the example before: without a dot behind the last slash
     * @param parts contents by extension, as {@code png} and {@code cls}
     * @throws InputException if a name cannot be one, or if there is no room
     */
    public void add(String key, Map<String, byte[]> parts) {
        String base = key.substring(key.lastIndexOf('/') + 1);
        if (base.isEmpty()
                || base.contains(".")
                || key.startsWith("/")
                || key.chars().anyMatch(c -> c < ' ')
                || key.equals(last)
                || parts.isEmpty()) {
            throw new InputException("expected an example with parts and a key that has no dot and is not that of the"
                    + " one before (\"" + last + "\"), received the key \"" + key + "\" with "
                    + parts.keySet());
        }
        if (!fits(key, parts)) {
            throw new InputException("expected an example that fits the shard " + name + " of at most " + limit
                    + " bytes, received \"" + key + "\" behind " + tar.bytes() + " others; begin another shard");
        }
        new TreeMap<>(parts).forEach((extension, content) -> put(path(key, extension), content));
        last = key;
        examples++;
    }

    private static String path(String key, String extension) {
        return key + "." + extension;
    }

    private void put(String path, byte[] content) {
        if (!TarHeader.fits(path)) {
            byte[] record = pax(path);
            tar.put(new TarHeader("PaxHeader", TarHeader.PAX, record.length).block());
            padded(record);
        }
        tar.put(new TarHeader(path, TarHeader.FILE, content.length).block());
        padded(content);
    }

    /** {@code LENGTH path=PATH\n}, where the length counts its own digits. */
    private static byte[] pax(String path) {
        int rest = " path=\n".length() + path.getBytes(StandardCharsets.UTF_8).length;
        int length = rest + String.valueOf(rest).length();
        length = rest + String.valueOf(length).length();
        return (length + " path=" + path + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private void padded(byte[] content) {
        tar.put(content);
        tar.put(new byte[(int) (TarHeader.padded(content.length) - content.length)]);
    }

    /** Completes the file. @return the entry for the manifest */
    public TarShard finish() {
        tar.put(new byte[END]);
        ShardFile file = tar.finish();
        return new TarShard(file.name(), examples, file.bytes(), file.sha256());
    }

    @Override
    public void close() {
        tar.close();
    }

    static void deleteTemporaries(Path dir) {
        Durable.deleteTemporaries(dir, STEM);
    }
}
