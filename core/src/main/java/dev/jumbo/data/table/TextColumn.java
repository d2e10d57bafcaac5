package dev.jumbo.data.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Texts, each distinct one stored once: a category takes four bytes a row. */
public final class TextColumn implements TableColumn {
    private static final int MISSING = -1;

    private int[] codes;
    private int size;
    private final List<String> texts = new ArrayList<>();
    private final Map<String, Integer> codeOf = new HashMap<>();

    private TextColumn(int capacity) {
        codes = new int[capacity];
    }

    /** An empty column, to which rows are added. */
    public static TextColumn empty() {
        return new TextColumn(16);
    }

    public static TextColumn of(@Nullable String... values) {
        TextColumn column = new TextColumn(values.length);
        for (String value : values) {
            column.add(value);
        }
        return column;
    }

    /** Adds a row; null is a missing value. */
    public void add(@Nullable String text) {
        if (size == codes.length) {
            codes = Arrays.copyOf(codes, Math.max(16, Math.multiplyExact(size, 2)));
        }
        codes[size++] = code(text);
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public @Nullable String text(int row) {
        return codes[row] == MISSING ? null : texts.get(codes[row]);
    }

    @Override
    public double number(int row) {
        return codes[row] == MISSING ? Double.NaN : Numbers.parse(texts.get(codes[row]));
    }

    @Override
    public boolean isMissing(int row) {
        return codes[row] == MISSING;
    }

    @Override
    public void set(int row, @Nullable String text) {
        codes[row] = code(text);
    }

    @Override
    public TextColumn select(int[] rows) {
        TextColumn column = new TextColumn(rows.length);
        for (int row : rows) {
            column.add(text(row));
        }
        return column;
    }

    private int code(@Nullable String text) {
        return text == null
                ? MISSING
                : codeOf.computeIfAbsent(text, t -> {
                    texts.add(t);
                    return texts.size() - 1;
                });
    }
}
