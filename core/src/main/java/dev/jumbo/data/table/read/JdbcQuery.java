package dev.jumbo.data.table.read;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.table.Truth;
import dev.jumbo.error.InputException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a select from a database whose JDBC driver is on the class path. Values are read as the texts that the
 * driver makes of them; NULL is missing, and so are texts that stand for nothing. Give the select an order: rows are numbered as they come.
 */
@Kind("jdbc")
public record JdbcQuery(
        @Doc("Address of the database, without a password, as in jdbc:postgresql://host/name.")
        String url,

        @Doc("A select.") String sql,

        @Doc("Name of the user, where one is needed.") @Default("\"\"")
        String user,

        @Doc("The environment variable that has the password, where one is needed.") @Default("\"\"")
        String passwordVariable,

        @Doc("Rows that are fetched at once.") @Default("10000")
        int fetchSize,

        @Doc("Texts that stand for a missing value; by default those of pandas.") @Default(MissingMarkers.DEFAULT)
        List<String> missing)
        implements StreamedSource {
    public JdbcQuery {
        JdbcUrl.require(url, "password_variable");
        missing = List.copyOf(missing);
        if (fetchSize < 1) {
            throw new InputException("expected a fetch_size of 1 or more, received " + fetchSize);
        }
    }

    /** With pandas's texts for missing values. */
    public JdbcQuery(String url, String sql, String user, String passwordVariable, int fetchSize) {
        this(url, sql, user, passwordVariable, fetchSize, MissingMarkers.pandas());
    }

    @Override
    public String name() {
        return JdbcUrl.shown(url);
    }

    @Override
    public TableReader open(Quarantine malformed) {
        try {
            return new Reader(connect());
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    private Connection connect() throws SQLException {
        if (user.isEmpty()) {
            return DriverManager.getConnection(url);
        }
        String password = passwordVariable.isEmpty() ? "" : System.getenv(passwordVariable);
        if (password == null) {
            throw new InputException("expected the password of " + user + " in the environment variable "
                    + passwordVariable + ", found none");
        }
        return DriverManager.getConnection(url, user, password);
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
                    Types.NUMERIC,
                    Types.DECIMAL -> true;
            default -> false;
        };
    }

    /** There are none: a database has no broken rows. */
    @Override
    public void requireGood(long bad, long good, @Nullable Malformed first, String details) {}

    private InputException failure(SQLException e) {
        String message = JdbcUrl.hidden(String.valueOf(e.getMessage()), url)
                .lines()
                .findFirst()
                .orElse("");
        return new InputException("cannot read " + name() + " with \"" + sql + "\": " + message, e);
    }

    private final class Reader implements TableReader {
        private final Connection connection;
        private final ResultSet result;
        private final List<String> names = new ArrayList<>();
        private final BitSet numbers = new BitSet();
        private final List<Boolean> truths = new ArrayList<>();
        private long row;

        private Reader(Connection connection) throws SQLException {
            this.connection = connection;
            try {
                connection.setAutoCommit(false); // Without it some drivers fetch everything at once.
                Statement statement = connection.createStatement();
                statement.setFetchSize(fetchSize);
                result = statement.executeQuery(sql);
                ResultSetMetaData meta = result.getMetaData();
                for (int c = 1; c <= meta.getColumnCount(); c++) {
                    names.add(meta.getColumnLabel(c));
                    numbers.set(c - 1, isNumber(meta.getColumnType(c)));
                    truths.add(Boolean.class.getName().equals(meta.getColumnClassName(c)));
                }
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        }

        @Override
        public List<String> names() {
            return List.copyOf(names);
        }

        @Override
        public @Nullable Entry next() {
            try {
                if (!result.next()) {
                    return null;
                }
                List<@Nullable String> values = new ArrayList<>(names.size());
                for (int c = 1; c <= names.size(); c++) {
                    String text = text(c);
                    values.add(text == null || missing.contains(text.strip()) ? null : text);
                }
                row++;
                return new Entry(row, values, numbers);
            } catch (SQLException e) {
                throw failure(e);
            }
        }

        /** Truth values in the same words from every driver. */
        private @Nullable String text(int column) throws SQLException {
            if (!truths.get(column - 1)) {
                return result.getString(column);
            }
            boolean value = result.getBoolean(column);
            return result.wasNull() ? null : Truth.text(value);
        }

        @Override
        public void close() throws IOException {
            try {
                connection.close();
            } catch (SQLException e) {
                throw new IOException(e);
            }
        }
    }
}
