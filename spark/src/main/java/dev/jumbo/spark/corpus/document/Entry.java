package dev.jumbo.spark.corpus.document;

import dev.jumbo.spark.text.Document;
import dev.jumbo.spark.text.Outcome;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * One row of a stage's output.
 *
 * @param id unique in the corpus and the same in every run: the number of the input file in 23 bits, and the place in it
 * @param source the file and the place in it, for people
 * @param text empty where the document is not kept
 * @param metadata what is known of it, by the keys of {@link Document}
 * @param reason a short stable name of why it is not kept; empty if it is
 * @param detail what was found
 * @param excerpt the beginning of the text where the document is not kept
 * @param bytesIn UTF-8 bytes of the text before the stage
 * @param bytes UTF-8 bytes of the text after the stage; 0 if it is not kept
 * @param counts how often the stage did something with it, by name
 */
public record Entry(
        long id,
        String source,
        String text,
        Map<String, String> metadata,
        Fate fate,
        String reason,
        String detail,
        String excerpt,
        long bytesIn,
        long bytes,
        Map<String, Long> counts) {
    /** Characters of a text that is not kept that stay, for samples. */
    public static final int EXCERPT = 400;

    private static final StructType SCHEMA = new StructType()
            .add("id", DataTypes.LongType, false)
            .add("source", DataTypes.StringType, false)
            .add("text", DataTypes.StringType, false)
            .add("metadata", DataTypes.createMapType(DataTypes.StringType, DataTypes.StringType, false), false)
            .add("fate", DataTypes.StringType, false)
            .add("reason", DataTypes.StringType, false)
            .add("detail", DataTypes.StringType, false)
            .add("excerpt", DataTypes.StringType, false)
            .add("bytes_in", DataTypes.LongType, false)
            .add("bytes", DataTypes.LongType, false)
            .add("counts", DataTypes.createMapType(DataTypes.StringType, DataTypes.LongType, false), false);

    /** A document as it was read. */
    public static Entry read(long id, String source, String text, Map<String, String> metadata) {
        long bytes = Utf8.length(text);
        return new Entry(id, source, text, metadata, Fate.KEPT, "", "", "", bytes, bytes, Map.of());
    }

    /** Something that could not be read. @param bytes that are lost, as far as that is known */
    public static Entry unreadable(long id, String source, String reason, String detail, String excerpt, long bytes) {
        String head = Utf8.head(excerpt, EXCERPT);
        return new Entry(id, source, "", Map.of(), Fate.QUARANTINED, reason, detail, head, bytes, 0, Map.of());
    }

    /** What steps work on. Its id is that of this entry in decimal digits. */
    public Document document() {
        return Document.of(Long.toString(id), text, metadata);
    }

    /** This entry after a step. */
    public Entry after(Outcome outcome) {
        if (outcome instanceof Outcome.Dropped dropped) {
            return dropped(dropped.reason(), dropped.detail());
        }
        Outcome.Kept kept = (Outcome.Kept) outcome;
        Document changed = kept.document();
        Map<String, Long> done = new TreeMap<>();
        kept.counts().forEach((name, count) -> done.put(name, count.longValue()));
        long size = changed.text().equals(text) ? bytes : Utf8.length(changed.text());
        return new Entry(id, source, changed.text(), changed.metadata(), Fate.KEPT, "", "", "", bytes, size, done);
    }

    /** This entry, taken out by a rule. */
    public Entry dropped(String why, String found) {
        return without(Fate.DROPPED, why, found);
    }

    /** This entry, on which a step failed. */
    public Entry failed(String why, String found) {
        return without(Fate.QUARANTINED, why, found);
    }

    /** This entry with more counts. */
    public Entry counting(Map<String, Long> more) {
        Map<String, Long> all = new TreeMap<>(counts);
        more.forEach((name, count) -> all.merge(name, count, Long::sum));
        return new Entry(id, source, text, metadata, fate, reason, detail, excerpt, bytesIn, bytes, all);
    }

    private Entry without(Fate end, String why, String found) {
        return new Entry(id, source, "", metadata, end, why, found, Utf8.head(text, EXCERPT), bytes, 0, Map.of());
    }

    /** The columns of a stage's output. */
    public static StructType schema() {
        return SCHEMA;
    }

    /** Rows with the columns of {@link #schema()}. */
    public static Encoder<Row> encoder() {
        return Encoders.row(SCHEMA);
    }

    /** An entry of a row with the columns of {@link #schema()}. */
    public static Entry of(Row row) {
        return new Entry(
                row.getLong(0),
                row.getString(1),
                row.getString(2),
                row.getJavaMap(3),
                Fate.valueOf(row.getString(4)),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                row.getLong(8),
                row.getLong(9),
                row.getJavaMap(10));
    }

    public Row row() {
        return RowFactory.create(
                id,
                source,
                text,
                CollectionConverters.asScala(metadata),
                fate.name(),
                reason,
                detail,
                excerpt,
                bytesIn,
                bytes,
                CollectionConverters.asScala(counts));
    }
}
