package dev.jumbo.data.shards;

import dev.jumbo.error.InputException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Walks the headers of a tar: which files are in it, and where. Folders and links are passed over. */
final class TarMembers {
    private static final int LONGEST_EXTENSION = 1 << 20;

    private final Path file;
    private final ByteBuffer tar;
    private final List<Member> members = new ArrayList<>();
    private @Nullable String longName;
    private long longSize = -1;

    /** A file in a tar. @param offset of its content @param length of its content */
    record Member(String name, int offset, int length) {}

    private TarMembers(Path file, ByteBuffer tar) {
        this.file = file;
        this.tar = tar;
    }

    /** @throws InputException if it is not a tar, is cut short, or has sparse files, naming the file and the place */
    static List<Member> of(Path file, ByteBuffer tar) {
        TarMembers found = new TarMembers(file, tar);
        long at = 0;
        while (at + TarHeader.BLOCK <= tar.limit()) {
            TarHeader header = found.header((int) at);
            if (header == null) {
                return List.copyOf(found.members);
            }
            at = found.member(header, (int) at + TarHeader.BLOCK);
        }
        if (at == 0 || at > tar.limit()) {
            throw found.damaged(at, "the end of the file");
        }
        return List.copyOf(found.members); // Some writers leave out the empty blocks at the end.
    }

    private @Nullable TarHeader header(int at) {
        try {
            return TarHeader.read(tar, at);
        } catch (IllegalArgumentException e) {
            throw damaged(at, String.valueOf(e.getMessage()));
        }
    }

    /** @return where the next header is */
    private long member(TarHeader header, int content) {
        boolean extension = header.type() == TarHeader.PAX || header.type() == TarHeader.GNU_NAME;
        long size = longSize >= 0 && !extension ? longSize : header.size();
        long next = content + TarHeader.padded(size);
        if (size < 0 || size > tar.limit() || content + size > tar.limit()) {
            throw damaged(content, header.name() + " of " + size + " bytes in a file of " + tar.limit());
        }
        if (extension) {
            extension(header, content);
            return next;
        }
        if (header.type() == TarHeader.SPARSE) {
            throw damaged(content, "a sparse file, which is not supported");
        }
        if (header.type() == TarHeader.FILE) {
            String name = longName == null ? header.name() : longName;
            if (name.chars().anyMatch(c -> c < ' ')) {
                throw damaged(content, "a name with control characters");
            }
            members.add(new Member(name.startsWith("./") ? name.substring(2) : name, content, (int) size));
        }
        longName = null;
        longSize = -1;
        return next;
    }

    private void extension(TarHeader header, int content) {
        if (header.size() > LONGEST_EXTENSION) {
            throw damaged(content, "an extended header of " + header.size() + " bytes");
        }
        byte[] bytes = new byte[(int) header.size()];
        tar.get(content, bytes);
        if (header.type() == TarHeader.GNU_NAME) {
            int end = bytes.length;
            while (end > 0 && bytes[end - 1] == 0) {
                end--;
            }
            longName = new String(bytes, 0, end, StandardCharsets.UTF_8);
            return;
        }
        // Records of "LENGTH KEY=VALUE\n", the length counting the whole record.
        int at = 0;
        while (at < bytes.length) {
            int blank = at;
            int length = 0;
            while (blank < bytes.length && bytes[blank] >= '0' && bytes[blank] <= '9' && length < bytes.length) {
                length = length * 10 + bytes[blank++] - '0';
            }
            if (length <= blank - at + 1 || at + length > bytes.length) {
                throw damaged(content, "a pax header that is not made of records");
            }
            record(new String(bytes, blank + 1, at + length - blank - 2, StandardCharsets.UTF_8), content);
            at += length;
        }
    }

    private void record(String keyAndValue, int content) {
        if (keyAndValue.startsWith("path=")) {
            longName = keyAndValue.substring("path=".length());
        } else if (keyAndValue.startsWith("size=")) {
            String digits = keyAndValue.substring("size=".length());
            if (!digits.matches("[0-9]{1,18}")) {
                throw damaged(content, "a pax header with the size \"" + digits + "\"");
            }
            longSize = Long.parseLong(digits);
        } else if (keyAndValue.startsWith("GNU.sparse.")) {
            throw damaged(content, "a sparse file, which is not supported");
        }
    }

    private InputException damaged(long at, String received) {
        return new InputException("the shard " + file + " cannot be read at byte " + at
                + ": expected a whole POSIX or GNU tar, received " + received + "; copy or make it again");
    }
}
