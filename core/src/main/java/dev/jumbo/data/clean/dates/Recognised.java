package dev.jumbo.data.clean.dates;

import dev.jumbo.data.table.Moment;
import dev.jumbo.error.InputException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds out how the dates of one column are written. Values come one by one. Spellings that can mean one day only (ISO
 * 8601, years first with four digits, months by name) are taken as they are; of numbers such as 3/4/2020 or 1/2/99 the
 * order is taken that all of them allow. If several orders remain and they mean different days, or none does, nothing is
 * guessed: the caller is asked.
 */
public final class Recognised {
    private static final List<String> TIMES =
            List.of("", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", " %I:%M %p", " %I:%M%p", " %I:%M:%S %p");
    private static final List<String> ZONES = List.of("", "%z", " %z", " %Z");
    private static final int SHOWN = 3;

    /** Formats that mean one day whatever the other values of a column are. */
    private static final List<DateFormat> CLEAR = clear();

    private static final List<Family> FAMILIES = families();

    private final String column;
    private final @Nullable DateOrder told;
    private final Set<String> clear = new LinkedHashSet<>();
    private final Map<Family, Doubt> doubts = new LinkedHashMap<>();
    private final List<String> strange = new ArrayList<>();
    private long values;
    private long understood;

    /**
     * @param told the order of day, month and year where the caller knows it
     */
    public Recognised(String column, @Nullable DateOrder told) {
        this.column = column;
        this.told = told;
    }

    /** One spelling in several orders. */
    private record Family(Map<DateOrder, DateFormat> orders) {}

    /** What is known of a family: which orders have been refused by a value, and a value for which orders differ. */
    private static final class Doubt {
        private final Map<DateOrder, String> refused = new LinkedHashMap<>();
        private final Map<DateOrder, Map<DateOrder, String>> differ = new LinkedHashMap<>();
    }

    private static List<DateFormat> clear() {
        List<String> dates = new ArrayList<>(List.of("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d"));
        for (String month : List.of("%b", "%B")) {
            for (String year : List.of("%Y", "%y")) {
                dates.add("%d-" + month + "-" + year);
                dates.add("%d " + month + " " + year);
                dates.add("%d. " + month + " " + year);
                dates.add("%d " + month + ", " + year);
                dates.add("%d " + month + ". " + year);
                dates.add(month + " %d, " + year);
            }
            dates.add("%Y " + month + " %d");
            dates.add("%Y-" + month + "-%d");
            dates.add("%d/" + month + "/%Y");
            dates.add("%d" + month + "%Y");
            dates.add(month + " %d %Y");
            dates.add(month + ". %d, %Y");
            dates.add("%a, %d " + month + " %Y");
            dates.add("%A, %d " + month + " %Y");
            dates.add("%a, " + month + " %d, %Y");
            dates.add("%A, " + month + " %d, %Y");
        }
        List<DateFormat> formats = new ArrayList<>(List.of(DateFormat.of("iso8601"), DateFormat.of("%Y%m%d")));
        for (String date : dates) {
            for (String time : TIMES) {
                for (String zone : time.isEmpty() ? List.of("") : ZONES) {
                    formats.add(DateFormat.of(date + time + zone));
                }
            }
        }
        formats.add(DateFormat.of("%a %b %d %H:%M:%S %Y"));
        formats.add(DateFormat.of("%Y-%m-%dT%H:%M:%S%z"));
        formats.add(DateFormat.of("%Y-%m-%dT%H:%M:%S.%f%z"));
        formats.add(DateFormat.of("%Y%m%dT%H%M%S"));
        formats.add(DateFormat.of("%Y%m%dT%H%M%S%z"));
        return formats;
    }

    private static List<Family> families() {
        List<Family> families = new ArrayList<>();
        for (String mark : List.of("/", "-", ".", " ")) {
            for (String time : TIMES) {
                for (String zone : time.isEmpty() ? List.of("") : ZONES) {
                    families.add(family(mark, "%Y", time + zone));
                    families.add(family(mark, "%y", time + zone));
                }
            }
        }
        return families;
    }

    private static Family family(String mark, String year, String rest) {
        Map<DateOrder, DateFormat> orders = new LinkedHashMap<>();
        for (DateOrder order : DateOrder.values()) {
            if (order != DateOrder.YEAR_FIRST || year.equals("%y")) { // With four digits a year in front is clear.
                orders.put(order, DateFormat.of(order.format(mark, year) + rest));
            }
        }
        return new Family(orders);
    }

    /** Takes one value; null is passed over. */
    public void add(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return;
        }
        values++;
        for (DateFormat format : CLEAR) {
            if (format.parse(text) != null) {
                clear.add(format.text());
                understood++;
                return;
            }
        }
        for (Family family : FAMILIES) {
            Map<DateOrder, Moment> read = new LinkedHashMap<>();
            family.orders().forEach((order, format) -> {
                Moment moment = told == null || told == order ? format.parse(text) : null;
                if (moment != null) {
                    read.put(order, moment);
                }
            });
            if (!read.isEmpty()) {
                understood++;
                note(doubts.computeIfAbsent(family, f -> new Doubt()), family, text, read);
                return;
            }
        }
        if (strange.size() < SHOWN) {
            strange.add(text);
        }
    }

    private static void note(Doubt doubt, Family family, String text, Map<DateOrder, Moment> read) {
        for (DateOrder order : family.orders().keySet()) {
            if (!read.containsKey(order)) {
                doubt.refused.putIfAbsent(order, text);
            }
            for (DateOrder other : family.orders().keySet()) {
                Moment one = read.get(order);
                Moment two = read.get(other);
                if (one != null && two != null && !one.equals(two)) {
                    doubt.differ
                            .computeIfAbsent(order, o -> new LinkedHashMap<>())
                            .putIfAbsent(other, text);
                }
            }
        }
    }

    /**
     * The formats of the column; none if it has no values.
     *
     * @throws InputException if day and month cannot be told apart, or no value is a date
     */
    public List<String> formats() {
        if (values == 0) {
            return List.of();
        }
        if (understood == 0) {
            throw new InputException("expected dates in the column " + column + ", found none among "
                    + String.format(Locale.ROOT, "%,d", values) + " values such as " + quoted(strange)
                    + "; say how they are written, as in formats: [\"%d/%m/%Y\"], or formats: [unix], [unix_ms] or"
                    + " [excel] for numbers");
        }
        // One order for all spellings of a column: who writes 31.12.2020 means 3/4/2020 likewise.
        Set<DateOrder> possible = new LinkedHashSet<>(List.of(DateOrder.values()));
        Map<DateOrder, String> refusing = new LinkedHashMap<>();
        doubts.forEach((family, doubt) -> {
            doubt.refused.forEach(refusing::putIfAbsent);
            possible.removeAll(doubt.refused.keySet());
            if (family.orders().size() == 2) {
                possible.remove(DateOrder.YEAR_FIRST);
            }
        });
        List<String> formats = new ArrayList<>(clear);
        if (doubts.isEmpty()) {
            return formats;
        }
        if (possible.isEmpty()) {
            throw asking("no order of day, month and year fits all values ("
                    + String.join(
                            ", ",
                            refusing.entrySet().stream()
                                    .map(e -> "\"" + e.getValue() + "\" is not "
                                            + e.getKey().words())
                                    .toList())
                    + ")");
        }
        List<DateOrder> left = List.copyOf(possible);
        for (DateOrder other : left.subList(1, left.size())) {
            for (Doubt doubt : doubts.values()) {
                String text = doubt.differ.getOrDefault(left.get(0), Map.of()).get(other);
                if (text != null) {
                    throw asking("\"" + text + "\" may be " + left.get(0).words() + " or " + other.words()
                            + ", and no other value decides");
                }
            }
        }
        doubts.keySet()
                .forEach(family -> Stream.ofNullable(family.orders().get(left.get(0)))
                        .forEach(format -> formats.add(format.text())));
        return formats;
    }

    private InputException asking(String why) {
        return new InputException("the dates of the column " + column + " are ambiguous: " + why
                + "; say order: day_first, month_first or year_first in parse_date");
    }

    private static String quoted(List<String> texts) {
        return String.join(", ", texts.stream().map(text -> '"' + text + '"').toList());
    }
}
