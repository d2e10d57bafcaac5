package dev.jumbo.data.prepare;

import dev.jumbo.data.Column;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.Row;
import dev.jumbo.data.Transform;
import dev.jumbo.data.sets.RaggedDataset;
import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.TableColumn;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.files.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Texts of a table, and the content of files that it names: these are read when an example is. */
final class RecordDataset implements Dataset {
    private final Table table;
    private final List<Field> inputs;
    /** Texts, or absolute names of files, in UTF-8, by input. */
    private final List<byte[][]> cells;

    private final Column target;

    private RecordDataset(Table table, List<Field> inputs, List<byte[][]> cells, Column target) {
        this.table = table;
        this.inputs = inputs;
        this.cells = cells;
        this.target = target;
    }

    /**
     * @param from what the table is called in errors
     * @param dir that names of files are relative to
     * @throws InputException if a value is missing, or a file is not there
     */
    static RecordDataset of(Table table, String from, Map<String, Transform> inputs, Path dir, Column target) {
        List<Field> fields = new ArrayList<>();
        List<byte[][]> all = new ArrayList<>();
        RawColumns.of(inputs).forEach((name, field) -> {
            TableColumn column = table.column(name);
            byte[][] cells = new byte[table.rows()][];
            for (int row = 0; row < cells.length; row++) {
                String text = column.text(row);
                if (text == null) {
                    throw new InputException(
                            from + ": expected a value in " + name + ", received none in row " + table.sourceRow(row)
                                    + "; leave such rows out, or say by missing: [] that NA and the like are texts");
                }
                cells[row] = cell(field, text, dir, from, table.sourceRow(row)).getBytes(StandardCharsets.UTF_8);
            }
            fields.add(field);
            all.add(cells);
        });
        return new RecordDataset(table, fields, all, target);
    }

    private static String cell(Field field, String text, Path dir, String from, long row) {
        return RawCells.isText(field)
                ? text
                : RawCells.file(field, text, dir, from + ": row " + row).toString();
    }

    @Override
    public int size() {
        return table.rows();
    }

    @Override
    public List<Field> inputs() {
        return inputs;
    }

    @Override
    public List<Field> targets() {
        return List.of(target.field());
    }

    @Override
    public void read(int index, Row into) {
        for (int f = 0; f < inputs.size(); f++) {
            byte[] cell = cells.get(f)[index];
            into.bytes(f, RawCells.isText(inputs.get(f)) ? cell : RawCells.content(path(cell)));
        }
        int elements = target.field().elements();
        System.arraycopy(
                target.values(), index * elements, into.values(inputs.size()), into.offset(inputs.size()), elements);
    }

    private static Path path(byte[] name) {
        return Path.of(new String(name, StandardCharsets.UTF_8));
    }

    /** Without the others: a file need not be read for it. */
    @Override
    public long classId(int index) {
        return target.longs()[index];
    }

    @Override
    public long sourceRow(int index) {
        return table.sourceRow(index);
    }

    @Override
    public boolean mayBeSorted() {
        return true;
    }

    /** Over texts, names and sizes of files, and targets. */
    @Override
    public String fingerprint() {
        MessageDigest sha = Sha256.digest();
        List<Column> columns = new ArrayList<>();
        for (int f = 0; f < inputs.size(); f++) {
            columns.add(new Column.Bytes(inputs.get(f), cells.get(f)));
            for (int row = 0; row < size() && !RawCells.isText(inputs.get(f)); row++) {
                Path file = path(cells.get(f)[row]);
                try {
                    sha.update(Long.toString(Files.size(file)).getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    throw new FailureException("cannot read " + file + ": " + e, e);
                }
            }
        }
        String values = RaggedDataset.of(columns, List.of(target)).fingerprint();
        sha.update(values.getBytes(StandardCharsets.US_ASCII));
        return Sha256.hex(sha);
    }

    @Override
    public String toString() {
        return size() + " rows with " + inputs + " and the target " + target.field();
    }
}
