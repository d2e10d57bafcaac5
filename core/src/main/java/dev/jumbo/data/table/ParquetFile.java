package dev.jumbo.data.table;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;

/**
 * A Parquet file, or a SQL select over it, read by an embedded DuckDB. Columns of numbers and booleans (1 and 0) become
 * numbers, all others texts as DuckDB writes them; NULL is missing.
 *
 * <p>The database can open this one file and nothing else: {@code enable_external_access} is off, {@code allowed_paths}
 * has the file, extensions are neither loaded nor installed, and {@code lock_configuration} keeps a select from
 * changing that.
 */
@Kind("parquet")
public record ParquetFile(
        @Doc("The file.") Path path,

        @Doc("A select over the view data, which is the file.") @Default("select * from data")
        String sql)
        implements TableSource {

    /** The whole file. */
    public static ParquetFile of(Path path) {
        return new ParquetFile(path, "select * from data");
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
            statement.execute("create view data as select * from read_parquet(" + literal + ")");
            try (ResultSet result = statement.executeQuery(sql)) {
                return table(result);
            }
        } catch (SQLException e) {
            String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            throw new InputException("cannot read " + path + " with \"" + sql + "\": " + message, e);
        }
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

    private static Table table(ResultSet result) throws SQLException {
        ResultSetMetaData meta = result.getMetaData();
        List<String> names = new ArrayList<>();
        List<TextColumn> texts = new ArrayList<>();
        List<Doubles> numbers = new ArrayList<>();
        for (int c = 1; c <= meta.getColumnCount(); c++) {
            names.add(meta.getColumnLabel(c));
            texts.add(TextColumn.empty());
            numbers.add(new Doubles());
        }
        boolean[] isNumber = new boolean[names.size()];
        boolean[] isBoolean = new boolean[names.size()];
        for (int c = 0; c < isNumber.length; c++) {
            int type = meta.getColumnType(c + 1);
            isBoolean[c] = type == Types.BOOLEAN || type == Types.BIT;
            isNumber[c] = isBoolean[c] || isNumber(type);
        }
        while (result.next()) {
            for (int c = 0; c < isNumber.length; c++) {
                if (isBoolean[c]) {
                    boolean value = result.getBoolean(c + 1);
                    numbers.get(c).add(result.wasNull() ? Double.NaN : value ? 1 : 0);
                } else if (isNumber[c]) {
                    double value = result.getDouble(c + 1);
                    numbers.get(c).add(result.wasNull() ? Double.NaN : value);
                } else {
                    texts.get(c).add(result.getString(c + 1));
                }
            }
        }
        List<TableColumn> columns = new ArrayList<>();
        for (int c = 0; c < isNumber.length; c++) {
            columns.add(isNumber[c] ? NumberColumn.of(numbers.get(c).toArray()) : texts.get(c));
        }
        return Table.of(names, columns);
    }

    private static boolean isNumber(int type) {
        return switch (type) {
            case Types.TINYINT,
                    Types.SMALLINT,
                    Types.INTEGER,
                    Types.BIGINT,
                    Types.REAL,
                    Types.FLOAT,
                    Types.DOUBLE,
                    Types.DECIMAL,
                    Types.NUMERIC -> true;
            default -> false;
        };
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
