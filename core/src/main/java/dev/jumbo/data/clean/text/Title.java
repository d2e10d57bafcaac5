package dev.jumbo.data.clean.text;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.clean.CleaningStep;
import dev.jumbo.data.clean.Edits;
import dev.jumbo.data.table.Table;
import java.util.List;

/**
 * Each word begins with a capital and goes on in lower case: {@code new YORK} is {@code New York}. An apostrophe between
 * letters does not end a word: {@code they're} is {@code They're}, where Python's {@code str.title} has {@code They'Re}; any
 * other mark or digit does, as there: {@code x-ray 3b} is {@code X-Ray 3B}.
 */
@Kind("title")
public record Title(
        @Doc("Columns; empty: all.") @Default("[]") List<String> columns) implements CleaningStep {
    public Title {
        columns = List.copyOf(columns);
    }

    /** In some columns. */
    public static Title of(String... columns) {
        return new Title(List.of(columns));
    }

    @Override
    public void apply(Table table, Edits edits) {
        TextCase.change(table, edits, columns, text -> TextCase.title(text), "words in another case");
    }
}
