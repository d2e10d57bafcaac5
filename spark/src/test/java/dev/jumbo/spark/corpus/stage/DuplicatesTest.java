package dev.jumbo.spark.corpus.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.spark.LocalSpark;
import dev.jumbo.spark.corpus.document.Entry;
import dev.jumbo.spark.corpus.document.Fate;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class DuplicatesTest {
    @Test
    void few_edges_go_to_the_documents_and_many_meet_them_in_a_join_with_the_same_result() {
        List<Row> rows = LongStream.range(0, 10)
                .mapToObj(
                        id -> Entry.read(id, "a#" + id, "text " + id, Map.of()).row())
                .toList();
        Dataset<Row> documents = LocalSpark.session().createDataset(rows, Entry.encoder());
        Dataset<Row> edges = LocalSpark.session().sql("select * from values (7L, 2L), (9L, 0L) as t(`from`, `to`)");
        for (long most : new long[] {0, 2}) {
            Dataset<Row> result = Duplicates.drop(documents, edges, "same", most);
            assertThat(result.collectAsList().stream()
                            .map(Entry::of)
                            .filter(e -> e.fate() == Fate.DROPPED)
                            .map(e -> e.id() + " " + e.detail()))
                    .containsExactlyInAnyOrder("7 like document 2", "9 like document 0");
            assertThat(result.count()).isEqualTo(10);
        }
    }
}
