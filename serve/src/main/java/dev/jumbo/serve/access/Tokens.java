package dev.jumbo.serve.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tokens that a server knows, as SHA-256 hashes. Never printed. */
final class Tokens {
    private static final String SCHEME = "Bearer ";

    /** A token's hash and who sends it. */
    record Entry(byte[] hash, Caller caller) {
        @Override
        public String toString() {
            return "Entry[" + caller.name() + "]";
        }
    }

    private final List<Entry> entries;
    private final List<Caller> callers;

    Tokens(List<Entry> entries) {
        this.entries = List.copyOf(entries);
        callers = entries.stream().map(Entry::caller).toList();
    }

    Tokens and(Entry other) {
        List<Entry> all = new ArrayList<>(entries);
        all.add(other);
        return new Tokens(all);
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    List<Caller> callers() {
        return callers;
    }

    /**
     * Who sends a header, or null. All hashes are compared, each in constant time: how long it takes tells neither whether a token
     * is nearly right nor where in the file it is.
     */
    @Nullable
    Caller identify(String authorization) {
        if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return null;
        }
        byte[] hash = hash(authorization.substring(SCHEME.length()).strip());
        int found = -1;
        for (int i = 0; i < entries.size(); i++) {
            boolean same = MessageDigest.isEqual(entries.get(i).hash(), hash);
            found = same ? i : found;
        }
        return found < 0 ? null : entries.get(found).caller();
    }

    static byte[] hash(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "Tokens[" + entries.size() + " hidden]";
    }
}
