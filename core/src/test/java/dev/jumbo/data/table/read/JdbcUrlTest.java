package dev.jumbo.data.table.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JdbcUrlTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://host/name?user=u&password=s3cret",
                "jdbc:postgresql://host/name?ssl=true&sslpassword=s3cret",
                "jdbc:sqlserver://host:1433;databaseName=name;user=u;Password = s3cret",
                "jdbc:odbc:Driver=x;UID=u;PWD=s3cret",
                "jdbc:mysql://u:s3cret@host:3306/name",
                "jdbc:mysql://address=(host=host)(user=u)(password=s3cret)/name",
                "jdbc:oracle:thin:u/s3cret@//host:1521/name",
            })
    void a_url_with_a_password_is_refused_without_showing_it(String url) {
        assertThatThrownBy(() -> new JdbcQuery(url, "select 1", "", "", 10))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("password_variable")
                .hasMessageNotContaining("s3cret");
    }

    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql://host:5432/name?user=u&ssl=true, jdbc:postgresql://host:5432/name",
        "jdbc:sqlserver://host:1433;databaseName=name, jdbc:sqlserver://host:1433",
        "jdbc:mysql://u@host/name, jdbc:mysql://host/name",
        "jdbc:oracle:thin:@host:1521:name, jdbc:oracle:host:1521:name",
        "jdbc:duckdb:/data/texts.db, jdbc:duckdb:/data/texts.db",
        "jdbc:duckdb:, jdbc:duckdb:",
    })
    void what_is_shown_has_neither_user_nor_options(String url, String shown) {
        assertThat(JdbcUrl.require(url, "password_variable")).isEqualTo(url);
        assertThat(JdbcUrl.shown(url)).isEqualTo(shown);
    }

    @Test
    void neither_names_nor_errors_of_a_query_show_users_or_options() {
        JdbcQuery query = new JdbcQuery("jdbc:none://host/name?user=u&token=s3cret", "select 1", "", "", 10);

        assertThat(query.name()).isEqualTo("jdbc:none://host/name");
        assertThatThrownBy(() -> query.read(Quarantine.counting()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("jdbc:none://host/name")
                .hasMessageNotContaining("s3cret");
    }
}
