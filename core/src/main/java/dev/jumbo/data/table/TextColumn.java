package dev.jumbo.data.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Texts, each distinct one stored once: a category takes four bytes a row. A number of JSON or of a database is kept as the
 * text that has all its digits, and is known to be a number: {@link #isNumber}.
 */
public final class TextColumn implements TableColumn {
    private static final int MISSING = -1;

    private int[] codes;
    private int size;
    private @Nullable ColumnNote note;
    private final List<String> texts = new ArrayList<>();
    private final Map<String, Integer> codeOf = new HashMap<>();
    /** Codes of values that came as numbers: the same text may also have come as a text. */
    private final BitSet numbers = new BitSet();

    private final Map<String, Integer> codeOfNumber = new HashMap<>();

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
        append(code(text, false));
    }

    /** Adds a row. @param number whether the value came as a number, and not as the text of one */
    public void add(@Nullable String text, boolean number) {
        append(code(text, number));
    }

    private void append(int code) {
        if (size == codes.length) {
            codes = Arrays.copyOf(codes, Math.max(16, Math.multiplyExact(size, 2)));
        }
        codes[size++] = code;
    }

    @Override
    public boolean isNumber(int row) {
        return codes[row] != MISSING && numbers.get(codes[row]);
    }

    /** Keeps what the file says of this column; null: nothing. */
    public TextColumn with(@Nullable ColumnNote said) {
        note = said;
        return this;
    }

    @Override
    public @Nullable ColumnNote note() {
        return note;
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
        codes[row] = code(text, false);
    }

    @Override
    public TextColumn select(int[] rows) {
        TextColumn column = new TextColumn(rows.length);
        for (int row : rows) {
            column.add(text(row), isNumber(row));
        }
        return column.with(note);
    }

    private int code(@Nullable String text, boolean number) {
        return text == null
                ? MISSING
                : (number ? codeOfNumber : codeOf).computeIfAbsent(text, t -> {
                    texts.add(t);
                    numbers.set(texts.size() - 1, number);
                    return texts.size() - 1;
                });
    }
}
