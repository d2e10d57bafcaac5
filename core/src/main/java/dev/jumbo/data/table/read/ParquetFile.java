package dev.jumbo.data.table.read;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.table.ColumnNote;
import dev.jumbo.data.table.Moment;
import dev.jumbo.data.table.NumberColumn;
import dev.jumbo.data.table.Numbers;
import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.TableColumn;
import dev.jumbo.data.table.TextColumn;
import dev.jumbo.data.table.Truth;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A Parquet file, or a SQL select over it, read by an embedded DuckDB. Columns of numbers become
 * numbers, all others texts: booleans {@code true} and {@code false}, as JSON has them, dates and times in ISO 8601, as
 * {@code parse_date} writes them (of a time zone: in UTC), and the rest as DuckDB writes it. Columns of lists, structs and
 * maps are said to hold them, and those of durations their unit; NULL is missing, and so are texts that stand for nothing. A column of
 * whole numbers or decimals that doubles would round is one of texts, with every digit.
 *
 * <p>The database can open this one file and nothing else: {@code enable_external_access} is off, {@code allowed_paths}
 * has the file, extensions are neither loaded nor installed, and {@code lock_configuration} keeps a select from
 * changing that.
 */
@Kind("parquet")
public record ParquetFile(
        @Doc("The file.") Path path,

        @Doc("A select over the view data, which is the file.") @Default("select * from data")
        String sql,

        @Doc("Texts that stand for a missing value; by default those of pandas.") @Default(MissingMarkers.DEFAULT)
        List<String> missing,

        @Doc("A directory such as split=train in the path is a column of the table.") @Default("false")
        boolean hivePartitioning)
        implements TableSource {
    private static final String WHOLE = "select * from data";

    public ParquetFile {
        missing = List.copyOf(missing);
    }

    /** A select over the file, with pandas's texts for missing values. */
    public ParquetFile(Path path, String sql) {
        this(path, sql, MissingMarkers.pandas(), false);
    }

    /** The whole file. */
    public static ParquetFile of(Path path) {
        return new ParquetFile(path, WHOLE);
    }

    /** The same file with these texts, and null, for missing values. */
    public ParquetFile withMissing(String... texts) {
        return new ParquetFile(path, sql, List.of(texts), hivePartitioning);
    }

    @Override
    public String name() {
        return path.toString();
    }

    /** @throws InputException if there is no such file, if it is not Parquet, or if the select is not right */
    @Override
    public Table read(Quarantine malformed) {
        Path file = path.toAbsolutePath().normalize();
        if (!Files.isRegularFile(file)) {
            throw new InputException("expected a Parquet file at " + path + ", found none; check the path");
        }
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            String literal = "'" + file.toString().replace("'", "''") + "'";
            statement.execute("set allowed_paths = [" + literal + "]");
            statement.execute("set enable_external_access = false");
            statement.execute("set lock_configuration = true");
            statement.execute("create view data as select * from read_parquet(" + literal + ", hive_partitioning = "
                    + hivePartitioning + ")");
            Map<String, String> durations = durations(statement, literal);
            try (ResultSet result = statement.executeQuery(sql)) {
                return table(result, durations);
            }
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    private InputException failure(SQLException e) {
        String message = String.valueOf(e.getMessage())
                .lines()
                .findFirst()
                .orElse("")
                .replaceFirst("^(?:java\\.[a-zA-Z.]+: )+", "");
        if (message.contains("magic bytes") || message.contains("too small to be a Parquet")) {
            return new InputException(
                    "expected a Parquet file at " + path
                            + ", received other bytes, or a part of one: it does not end with PAR1; write it anew",
                    e);
        }
        if (sql.equals(WHOLE)) {
            return new InputException(
                    "cannot read " + path + ": the Parquet file is damaged or of a kind that is not read (" + message
                            + "); write it anew",
                    e);
        }
        return new InputException("cannot read " + path + " with \"" + sql + "\": " + message, e);
    }

    private static Connection connect() {
        Properties settings = new Properties();
        settings.setProperty("autoinstall_known_extensions", "false");
        settings.setProperty("autoload_known_extensions", "false");
        settings.setProperty("jdbc_stream_results", "true"); // by batches, not the whole result at once
        try {
            return DriverManager.getConnection("jdbc:duckdb:", settings);
        } catch (SQLException e) {
            throw new FailureException("cannot start DuckDB: " + e.getMessage(), e);
        }
    }

    /** The units of columns that Arrow wrote as durations, by name. */
    private static Map<String, String> durations(Statement statement, String literal) throws SQLException {
        try (ResultSet result = statement.executeQuery("select decode(value) from parquet_kv_metadata(" + literal
                + ") where decode(key) = '" + ArrowSchema.KEY + "'")) {
            return result.next() ? ArrowSchema.durations(String.valueOf(result.getString(1))) : Map.of();
        }
    }

    private Table table(ResultSet result, Map<String, String> durations) throws SQLException {
        ResultSetMetaData meta = result.getMetaData();
        List<String> names = new ArrayList<>();
        List<Values> values = new ArrayList<>();
        for (int c = 1; c <= meta.getColumnCount(); c++) {
            names.add(meta.getColumnLabel(c));
            String unit = durations.get(meta.getColumnLabel(c));
            values.add(new Values(
                    meta.getColumnType(c),
                    meta.getColumnTypeName(c),
                    unit == null ? null : ColumnNote.unit("durations in " + unit)));
        }
        while (result.next()) {
            for (int c = 0; c < values.size(); c++) {
                values.get(c).add(result, c + 1);
            }
        }
        return Table.of(names, values.stream().map(Values::column).toList());
    }

    private static final Pattern NESTED = Pattern.compile("\\]$|^(STRUCT|MAP|UNION)\\(");

    /** The values of a column, as doubles for as long as these hold them exactly. */
    private final class Values {
        private final boolean isBoolean;
        private final boolean isExact;
        private boolean isNumber;
        private Doubles numbers = new Doubles();
        private final TextColumn texts = TextColumn.empty();
        private final @Nullable ColumnNote note;
        private final boolean moment;
        private final boolean zoned;
        private final boolean time;

        Values(int type, String typeName, @Nullable ColumnNote unit) {
            note = NESTED.matcher(typeName).find()
                    ? ColumnNote.nested(
                            (typeName.endsWith("]") ? "lists" : typeName.startsWith("MAP") ? "maps" : "structs") + " ("
                                    + typeName + ")")
                    : typeName.equals("INTERVAL") ? ColumnNote.nested("intervals (INTERVAL)") : unit;
            moment = typeName.startsWith("TIMESTAMP");
            zoned = typeName.equals("TIMESTAMP WITH TIME ZONE");
            time = typeName.equals("TIME");
            isBoolean = type == Types.BOOLEAN || type == Types.BIT;
            isExact = type == Types.BIGINT
                    || type == Types.DECIMAL
                    || type == Types.NUMERIC
                    || typeName.equals("UBIGINT")
                    || typeName.equals("HUGEINT");
            isNumber = isExact
                    || type == Types.TINYINT
                    || type == Types.SMALLINT
                    || type == Types.INTEGER
                    || type == Types.REAL
                    || type == Types.FLOAT
                    || type == Types.DOUBLE;
        }

        void add(ResultSet result, int column) throws SQLException {
            if (isBoolean) {
                boolean value = result.getBoolean(column);
                texts.add(result.wasNull() ? null : Truth.text(value));
            } else if (moment || time) {
                texts.add(time(result, column));
            } else if (!isNumber && isExact) {
                BigDecimal value = exact(result, column);
                texts.add(value == null ? null : Numbers.format(value), true);
            } else if (!isNumber) {
                String text = result.getString(column);
                texts.add(text == null || missing.contains(text.strip()) ? null : text);
            } else if (isExact) {
                addExact(exact(result, column));
            } else {
                double value = result.getDouble(column);
                numbers.add(result.wasNull() ? Double.NaN : value);
            }
        }

        /** In ISO 8601, whatever zone this machine is in. */
        private @Nullable String time(ResultSet result, int column) throws SQLException {
            if (time) {
                LocalTime value = result.getObject(column, LocalTime.class);
                return value == null ? null : DateTimeFormatter.ISO_LOCAL_TIME.format(value);
            }
            if (zoned) {
                OffsetDateTime value = result.getObject(column, OffsetDateTime.class);
                return value == null
                        ? null
                        : Moment.utc(LocalDateTime.ofInstant(value.toInstant(), ZoneOffset.UTC))
                                .text();
            }
            LocalDateTime value = result.getObject(column, LocalDateTime.class);
            return value == null ? null : new Moment(value, null, true).text();
        }

        private static @Nullable BigDecimal exact(ResultSet result, int column) throws SQLException {
            String digits = result.getString(column); // getBigDecimal knows no unsigned ones
            return digits == null ? null : new BigDecimal(digits);
        }

        private void addExact(@Nullable BigDecimal value) {
            double rounded = value == null ? Double.NaN : value.doubleValue();
            if (value == null || new BigDecimal(Numbers.format(rounded)).compareTo(value) == 0) {
                numbers.add(rounded);
                return;
            }
            // From here on as texts, and what came before too: that was exact.
            isNumber = false;
            NumberColumn before = NumberColumn.of(numbers.toArray());
            for (int row = 0; row < before.size(); row++) {
                texts.add(before.text(row), true);
            }
            numbers = new Doubles();
            texts.add(Numbers.format(value), true);
        }

        TableColumn column() {
            return isNumber ? NumberColumn.of(numbers.toArray()).with(note) : texts.with(note);
        }
    }

    /** A growing array. */
    private static final class Doubles {
        private double[] values = new double[1024];
        private int size;

        void add(double value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, Math.multiplyExact(size, 2));
            }
            values[size++] = value;
        }

        double[] toArray() {
            return Arrays.copyOf(values, size);
        }
    }
}
