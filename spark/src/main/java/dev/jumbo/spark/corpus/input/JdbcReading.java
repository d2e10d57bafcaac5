package dev.jumbo.spark.corpus.input;

import dev.jumbo.error.FailureException;
import dev.jumbo.spark.corpus.document.Entry;
import dev.jumbo.spark.corpus.document.Utf8;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The rows of a query. A document's place is the number of its row. */
final class JdbcReading extends Reading {
    private final JdbcInput input;
    private final int limit;
    private final Connection connection;
    private final Statement statement;
    private final ResultSet rows;
    private long row;

    JdbcReading(FileSplit split, JdbcInput input, Connection connection, int limit) throws SQLException {
        super(split, "read.unreadable");
        this.input = input;
        this.limit = limit;
        this.connection = connection;
        try {
            connection.setAutoCommit(false); // Without it some drivers fetch everything at once.
            statement = connection.createStatement();
            statement.setFetchSize(input.fetchSize());
            rows = statement.executeQuery(input.query());
            rows.findColumn(input.text());
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    @Nullable
    Entry advance() throws IOException {
        try {
            if (!rows.next()) {
                return null;
            }
            long at = row++;
            String text = rows.getString(input.text());
            if (text == null) {
                return bad(at, "read.no_text", "the column \"" + input.text() + "\" is null", "", 0);
            }
            if (text.length() > limit) {
                return bad(at, "read.too_long", "a text of more than " + limit + " bytes", text, Utf8.length(text));
            }
            Map<String, String> metadata = new TreeMap<>();
            for (String name : input.keep()) {
                String value = rows.getString(name);
                if (value != null) {
                    metadata.put(name, value);
                }
            }
            return document(at, text, metadata);
        } catch (SQLException e) {
            // Not bad data: Spark tries the task again, and the run ends if that does not help.
            throw new FailureException("cannot read " + input.failure(e), e);
        }
    }

    @Override
    long place() {
        return row;
    }

    @Override
    void release() throws IOException {
        try (connection;
                statement) {
            rows.close();
        } catch (SQLException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
