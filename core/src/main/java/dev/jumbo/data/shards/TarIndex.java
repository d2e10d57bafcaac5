package dev.jumbo.data.shards;

import dev.jumbo.error.FailureException;
import dev.jumbo.files.Durable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The members of a tar shard, kept beside it in {@code NAME.tar.index} so that it need not be walked again. The first
 * line names the length, the time of change and the SHA-256 of the tar; where they are another's, the index is made anew.
 * Every other line is one member: offset, length, name, and the content of a {@code .cls} file, divided by tabs.
 *
 * @param sha256 of the tar
 */
record TarIndex(String sha256, List<Entry> entries) {
    private static final Logger LOG = LoggerFactory.getLogger(TarIndex.class);
    private static final String VERSION = "jumbo-tar-index-1";
    private static final String ENDING = ".index";
    private static final String LABEL = ".cls";
    private static final int LONGEST_LABEL = 64;

    /** @param label content of a short {@code .cls} file; empty for others */
    record Entry(String name, int offset, int length, String label) {}

    /**
     * The index of a tar, from its file or by walking the tar.
     *
     * @param verified the tar's hash, where it has been verified; if null, it is trusted by length and time of change
     */
    static TarIndex of(Path tar, ByteBuffer mapped, @Nullable String verified) {
        Path file = tar.resolveSibling(tar.getFileName() + ENDING);
        String state = mapped.limit() + "\t" + changed(tar);
        List<String> lines = lines(file);
        String[] head = lines.isEmpty() ? new String[0] : lines.get(0).split("\t");
        boolean whole = head.length == 4 && head[0].equals(VERSION);
        String known = whole && (head[1] + "\t" + head[2]).equals(state) ? head[3] : null;
        String sha256 = verified != null ? verified : known != null ? known : Manifests.sha256(tar);
        if (whole && head[3].equals(sha256)) {
            List<Entry> entries = parse(lines.subList(1, lines.size()), mapped.limit());
            if (entries != null) {
                return new TarIndex(sha256, entries);
            }
        }
        TarIndex made = new TarIndex(sha256, walk(tar, mapped));
        try {
            Durable.writeOrFail(file, made.text(state));
        } catch (FailureException e) {
            LOG.info("the index of {} will be made again next time: {}", tar, e.getMessage());
        }
        return made;
    }

    private static List<Entry> walk(Path tar, ByteBuffer mapped) {
        List<Entry> entries = new ArrayList<>();
        for (TarMembers.Member member : TarMembers.of(tar, mapped)) {
            String label = "";
            if (member.name().endsWith(LABEL) && member.length() <= LONGEST_LABEL) {
                byte[] content = new byte[member.length()];
                mapped.get(member.offset(), content);
                label = new String(content, StandardCharsets.UTF_8).strip();
            }
            boolean plain = label.chars().noneMatch(c -> c < ' ');
            entries.add(new Entry(member.name(), member.offset(), member.length(), plain ? label : ""));
        }
        return List.copyOf(entries);
    }

    private String text(String state) {
        StringBuilder text = new StringBuilder(VERSION + "\t" + state + "\t" + sha256 + "\n");
        for (Entry entry : entries) {
            text.append(entry.offset())
                    .append('\t')
                    .append(entry.length())
                    .append('\t')
                    .append(entry.name())
                    .append('\t')
                    .append(entry.label())
                    .append('\n');
        }
        return text.toString();
    }

    /** Nothing where a line is not one of an index of this tar. */
    private static @Nullable List<Entry> parse(List<String> lines, int bytes) {
        List<Entry> entries = new ArrayList<>();
        for (String line : lines) {
            String[] parts = line.split("\t", -1);
            if (parts.length != 4 || !parts[0].matches("[0-9]{1,9}|1[0-9]{9}") || !parts[1].matches("[0-9]{1,10}")) {
                return null;
            }
            int offset = Integer.parseInt(parts[0]);
            long length = Long.parseLong(parts[1]);
            if (offset + length > bytes) {
                return null;
            }
            entries.add(new Entry(parts[2], offset, (int) length, parts[3]));
        }
        return List.copyOf(entries);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            return List.of(); // Not readable as text: it is made anew.
        }
    }

    private static long changed(Path tar) {
        try {
            return Files.getLastModifiedTime(tar).toMillis();
        } catch (IOException e) {
            throw new FailureException("cannot read " + tar + ": " + e, e);
        }
    }
}
