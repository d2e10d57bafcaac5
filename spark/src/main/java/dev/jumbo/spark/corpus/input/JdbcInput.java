package dev.jumbo.spark.corpus.input;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.table.read.JdbcUrl;
import dev.jumbo.error.InputException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a query to a database whose JDBC driver is on the class path. One task reads them; what follows is shared
 * by all.
 */
@Kind("jdbc")
public record JdbcInput(
        @Doc("As the driver expects it, without a password: jdbc:postgresql://host/database")
        String url,

        @Doc("Ends with ORDER BY a unique column, so that every run numbers the rows alike.")
        String query,

        @Doc("The column with the text.") @Default("text") String text,

        @Doc("Other columns that stay with the document.") @Default("[]")
        List<String> keep,

        @Doc("Name of the user, if one is needed.") @Default("null") @Nullable
        String user,

        @Doc("The environment variable that holds the password, on every machine.") @Default("null") @Nullable
        String passwordEnv,

        @Doc("Rows fetched at once.") @Default("1000") int fetchSize)
        implements Input {
    public JdbcInput {
        keep = List.copyOf(keep);
        JdbcUrl.require(url, "password_env");
        if (fetchSize < 1) {
            throw new InputException("expected a fetch_size of 1 or more, received " + fetchSize);
        }
    }

    @Override
    public List<FileSplit> splits(int first) {
        return List.of(new FileSplit(first, JdbcUrl.shown(url), 0, 0, 0, 0));
    }

    @Override
    public Reading open(FileSplit split, int limit) throws IOException {
        try {
            return new JdbcReading(split, this, connect(), limit);
        } catch (SQLException e) {
            throw new InputException("cannot read " + failure(e) + "; check url, query and user", e);
        }
    }

    /** The database and what its driver says. */
    String failure(SQLException e) {
        return JdbcUrl.shown(url) + ": " + JdbcUrl.hidden(String.valueOf(e.getMessage()), url);
    }

    private Connection connect() throws SQLException {
        if (user == null) {
            return DriverManager.getConnection(url);
        }
        String password = passwordEnv == null ? "" : System.getenv(passwordEnv);
        if (password == null) {
            throw new InputException("expected the password of " + user + " in the environment variable " + passwordEnv
                    + ", which is not set");
        }
        return DriverManager.getConnection(url, user, password);
    }
}
