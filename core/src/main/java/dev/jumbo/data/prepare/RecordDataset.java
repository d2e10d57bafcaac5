package dev.jumbo.data.prepare;

import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Column;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.Row;
import dev.jumbo.data.Transform;
import dev.jumbo.data.clean.CleaningStep;
import dev.jumbo.data.clean.steps.ParseNumber;
import dev.jumbo.data.sets.RaggedDataset;
import dev.jumbo.data.table.Cell;
import dev.jumbo.data.table.Numbers;
import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.TableColumn;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.files.Sha256;
import dev.jumbo.tensor.DType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Texts and numbers of a table, and the content of files that it names: these are read when an example is. */
final class RecordDataset implements Dataset {
    private final Table table;
    /** What the table is called in errors. */
    private final String from;

    private final List<Field> inputs;
    /** Texts, or absolute names of files, in UTF-8, or numbers, by input. */
    private final List<Column> cells;

    private final List<Column> targets;

    private RecordDataset(Table table, String from, List<Field> inputs, List<Column> cells, List<Column> targets) {
        this.table = table;
        this.from = from;
        this.inputs = inputs;
        this.cells = cells;
        this.targets = targets;
    }

    /**
     * @param from what the table is called in errors
     * @param dir that names of files are relative to
     * @param targets one or more
     * @param cleaned the steps that the table has gone through
     * @throws InputException if a text is missing, a number is none, or a file is not there
     */
    static RecordDataset of(
            Table table,
            String from,
            Map<String, Transform> inputs,
            Path dir,
            List<Column> targets,
            List<CleaningStep> cleaned) {
        List<Field> fields = List.copyOf(RawColumns.of(inputs).values());
        List<Column> cells = fields.stream()
                .map(field -> field.isBytes()
                        ? new Column.Bytes(field, texts(table, from, field, dir))
                        : ArrayDataset.column(field, numbers(table, from, field, cleaned)))
                .toList();
        return new RecordDataset(table, from, fields, cells, List.copyOf(targets));
    }

    private static byte[][] texts(Table table, String from, Field field, Path dir) {
        TableColumn column = table.column(field.name());
        byte[][] cells = new byte[table.rows()][];
        for (int row = 0; row < cells.length; row++) {
            String text = column.text(row);
            if (text == null) {
                throw new InputException(from + ": expected a value in " + field.name() + ", received none in row "
                        + table.sourceRow(row)
                        + "; leave such rows out, or say by missing: [] that NA and the like are texts");
            }
            cells[row] = cell(field, text, dir, from, table.sourceRow(row)).getBytes(StandardCharsets.UTF_8);
        }
        return cells;
    }

    /** NaN where there is none. */
    private static double[] numbers(Table table, String from, Field field, List<CleaningStep> cleaned) {
        if (field.dtype() != DType.FLOAT64 || field.elements() != 1) {
            throw new InputException("inputs: expected transforms of texts, files or numbers (Field.doubles of one"
                    + " value), received one of " + field);
        }
        TableColumn column = table.column(field.name());
        double[] numbers = new double[table.rows()];
        List<Cell> wrong = new ArrayList<>();
        for (int row = 0; row < numbers.length; row++) {
            String text = column.text(row);
            numbers[row] = text == null ? Double.NaN : Numbers.parse(text);
            if (text != null && !Float.isFinite((float) numbers[row])) {
                wrong.add(new Cell(table.sourceRow(row), text));
            }
        }
        if (!wrong.isEmpty()) {
            throw new InputException(from + ": expected a number up to 3.4e38 or nothing in each row of " + field.name()
                    + ", received " + Cell.list(wrong.subList(0, Math.min(5, wrong.size())), wrong.size())
                    + (ParseNumber.isAmong(cleaned, field.name())
                            ? ", in which parse_number found no number: set its units or decimal, or mend it by another step"
                                    + " of records.clean: missing_tokens or replace"
                            : "; mend it by a step of records.clean: parse_number, missing_tokens or replace"));
        }
        return numbers;
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
        return targets.stream().map(Column::field).toList();
    }

    @Override
    public void read(int index, Row into) {
        for (int f = 0; f < inputs.size(); f++) {
            Field field = inputs.get(f);
            if (cells.get(f) instanceof Column.Bytes bytes) {
                byte[] cell = bytes.values()[index];
                into.bytes(f, RawCells.isText(field) ? cell : RawCells.content(path(cell)));
            } else {
                copy(cells.get(f), index, into, f);
            }
        }
        for (int t = 0; t < targets.size(); t++) {
            copy(targets.get(t), index, into, inputs.size() + t);
        }
    }

    private static void copy(Column column, int index, Row into, int field) {
        int elements = column.field().elements();
        System.arraycopy(column.values(), index * elements, into.values(field), into.offset(field), elements);
    }

    private static Path path(byte[] name) {
        return Path.of(new String(name, StandardCharsets.UTF_8));
    }

    /** Of the first target, without the others: a file need not be read for it. */
    @Override
    public long classId(int index) {
        return targets.get(0).longs()[index];
    }

    @Override
    public long sourceRow(int index) {
        return table.sourceRow(index);
    }

    /** With the files of the inputs, whose names stand in the row. */
    @Override
    public String place(int index, List<String> about) {
        StringBuilder place = new StringBuilder(from + ": row " + table.sourceRow(index));
        for (int f = 0; f < inputs.size(); f++) {
            if (about.contains(inputs.get(f).name())
                    && cells.get(f) instanceof Column.Bytes bytes
                    && !RawCells.isText(inputs.get(f))) {
                place.append(": ").append(path(bytes.values()[index]));
            }
        }
        return place.toString();
    }

    @Override
    public boolean mayBeSorted() {
        return true;
    }

    /** Over texts, names and sizes of files, and targets. */
    @Override
    public String fingerprint() {
        MessageDigest sha = Sha256.digest();
        for (int f = 0; f < inputs.size(); f++) {
            boolean files = cells.get(f) instanceof Column.Bytes && !RawCells.isText(inputs.get(f));
            for (int row = 0; row < size() && files; row++) {
                Path file = path(((Column.Bytes) cells.get(f)).values()[row]);
                try {
                    sha.update(Long.toString(Files.size(file)).getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    throw new FailureException("cannot read " + file + ": " + e, e);
                }
            }
        }
        String values = RaggedDataset.of(cells, targets).fingerprint();
        sha.update(values.getBytes(StandardCharsets.US_ASCII));
        return Sha256.hex(sha);
    }

    @Override
    public String toString() {
        return size() + " rows with " + inputs + " and "
                + (targets.size() == 1 ? "the target " + targets.get(0).field() : "the targets " + targets());
    }
}
