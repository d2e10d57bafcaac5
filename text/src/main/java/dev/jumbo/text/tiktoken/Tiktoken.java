package dev.jumbo.text.tiktoken;

import dev.jumbo.error.InputException;
import dev.jumbo.text.bpe.MergeTable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a file of tiktoken says: tokens in the order of their ranks, which are their ids.
 *
 * @param tokens bytes, written as Latin-1
 * @param ids of the tokens
 */
public record Tiktoken(List<String> tokens, Map<String, Integer> ids) {
    /** No vocabulary has longer ones; a stranger's file shall not take the square of its length. */
    private static final int LONGEST = 4096;

    public Tiktoken {
        tokens = List.copyOf(tokens);
    }

    /** Whether bytes begin as such a file does. */
    public static boolean isOne(byte[] start) {
        int end = 0;
        while (end < start.length && start[end] != '\n') {
            end++;
        }
        String line = new String(start, 0, end, StandardCharsets.ISO_8859_1).strip();
        int blank = line.indexOf(' ');
        return blank > 0
                && line.substring(0, blank).matches("[A-Za-z0-9+/]+=*")
                && line.substring(blank + 1).matches("\\d{1,9}");
    }

    /**
     * Reads the bytes of a file.
     *
     * @throws InputException if it is none, or bytes lack a token, or ranks are not from 0 on without gaps
     */
    public static Tiktoken read(byte[] file) {
        List<String> tokens = new ArrayList<>();
        Map<String, Integer> ids = new HashMap<>();
        int line = 0;
        for (int at = 0; at < file.length; ) {
            int end = at;
            while (end < file.length && file[end] != '\n') {
                end++;
            }
            line++;
            String text = new String(file, at, end - at, StandardCharsets.ISO_8859_1).strip();
            at = end + 1;
            if (text.isEmpty()) {
                continue;
            }
            int blank = text.indexOf(' ');
            String token = blank < 0 ? "" : bytes(text.substring(0, blank), line);
            int rank = blank < 0 ? -1 : rank(text.substring(blank + 1), line);
            if (token.isEmpty() || token.length() > LONGEST) {
                throw new InputException("line " + line + ": expected bytes in base64 (at most " + LONGEST
                        + " of them), a blank and a rank");
            }
            if (rank != tokens.size()) {
                throw new InputException("line " + line + ": expected the rank " + tokens.size() + ", received " + rank
                        + "; the file is cut off or not in order");
            }
            if (ids.put(token, rank) != null) {
                throw new InputException("line " + line + ": the token is there twice");
            }
            tokens.add(token);
        }
        for (int b = 0; b < 256; b++) {
            if (!ids.containsKey(String.valueOf((char) b))) {
                throw new InputException("expected ranks of tiktoken with each of the 256 bytes, found " + tokens.size()
                        + " tokens without byte " + b + "; the file is cut off, or another one");
            }
        }
        return new Tiktoken(tokens, ids);
    }

    private static String bytes(String base64, int line) {
        try {
            return new String(Base64.getDecoder().decode(base64), StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException e) {
            throw new InputException("line " + line + ": expected bytes in base64: " + e.getMessage(), e);
        }
    }

    private static int rank(String text, int line) {
        if (!text.matches("\\d{1,8}")) {
            throw new InputException("line " + line + ": expected a rank behind the bytes, received \"" + text + "\"");
        }
        return Integer.parseInt(text);
    }

    /** Ids of the 256 bytes. */
    public int[] bytes() {
        int[] bytes = new int[256];
        Arrays.setAll(bytes, b -> ids.get(String.valueOf((char) b)));
        return bytes;
    }

    /** Any two tokens that are one together may be merged, by the rank of that one. */
    public MergeTable merges() {
        MergeTable merges = new MergeTable(tokens.size() * 4);
        for (int id = 0; id < tokens.size(); id++) {
            String token = tokens.get(id);
            for (int at = 1; at < token.length(); at++) {
                Integer left = ids.get(token.substring(0, at));
                Integer right = left == null ? null : ids.get(token.substring(at));
                if (left != null && right != null) {
                    merges.put(left, right, id, id);
                }
            }
        }
        return merges;
    }
}
