package dev.jumbo.spark.text.extract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.spark.text.Document;
import dev.jumbo.spark.text.Outcome;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class MainTextTest {
    private static final String ONE =
            "The council of the city decided on Monday that the old bridge will be closed for the whole of the winter.";
    private static final String TWO =
            "Engineers had found cracks in two of its pillars, which are more than a hundred years old, they said.";
    private static final String THREE =
            "A new bridge would cost forty million, money that, according to the mayor, nobody has at the moment.";

    private static String menu(int entries) {
        return IntStream.range(0, entries)
                .mapToObj(i -> "<li><a href='/" + i + "'>Section number " + i + "</a></li>")
                .collect(Collectors.joining("", "<ul>", "</ul>"));
    }

    private static String page(String inside) {
        return "<!doctype html><html><head><title>The old bridge is closed</title><script>var a = '<p>No</p>';</script>"
                + "<style>p {}</style></head><body><div id='top'>" + menu(20) + "</div>" + inside
                + "<div id='bottom'>" + menu(20) + "<p>Copyright 2024. All rights reserved.</p></div></body></html>";
    }

    private static String text(String html) {
        return MainText.of(html).text();
    }

    @Test
    void the_article_is_found_between_menus() {
        String html = page("<div class='story'><h1>The old bridge is closed</h1><p class='byline'>By A. Writer</p><p>"
                + ONE + "</p><p>" + TWO + "</p><h2>What it costs</h2><p>" + THREE + "</p></div>");
        assertThat(text(html)).isEqualTo(String.join("\n", ONE, TWO, "What it costs", THREE));
        assertThat(MainText.of(html).title()).isEqualTo("The old bridge is closed");
    }

    @Test
    void paragraphs_may_be_breaks() {
        assertThat(text(page("<div>" + ONE + "<br><br>" + TWO + "<br/>\n<br/>" + THREE + "</div>")))
                .isEqualTo(String.join("\n", ONE, TWO, THREE));
    }

    @Test
    void links_in_prose_stay_and_lists_of_links_go() {
        String linked = ONE.replace("council of the city", "<a href='/c'>council of the <b>city</b></a>");
        String related =
                "<div><p><a href='/1'>Ten other bridges that were closed for the winter in the last year</a></p>"
                        + "<p><a href='/2'>What the mayor said about the tunnel under the river last summer</a></p></div>";
        assertThat(text(page("<article><p>" + linked + "</p>" + related + "<p>" + TWO + "</p><p>" + THREE
                        + "</p></article>")))
                .isEqualTo(String.join("\n", ONE, TWO, THREE));
    }

    @Test
    void comments_captions_and_boxes_go() {
        String html = page("<main><p>" + ONE + "</p><figure><img><figcaption>" + TWO.toUpperCase(Locale.ROOT)
                + "</figcaption></figure><div class='newsletter-signup'><p>Get our letter every morning, with all that is new in"
                + " the city and around it.</p></div><p>" + TWO
                + "</p><ul><li>First, the pillars.</li><li>Second, the road.</li></ul><p>"
                + THREE + "</p><section id='comments'><p>I never liked this bridge and I will not miss it at all, to be"
                + " honest with you.</p></section></main>");
        assertThat(text(html))
                .isEqualTo(String.join("\n", ONE, TWO, "First, the pillars.", "Second, the road.", THREE));
    }

    @Test
    void names_that_mislead_do_not_cost_the_article() {
        String html = page("<div class='widget sidebar-content'><div class='ad-free social'><p>" + ONE + "</p><p>" + TWO
                + "</p><p>" + THREE + "</p></div></div>");
        assertThat(text(html)).isEqualTo(String.join("\n", ONE, TWO, THREE));
    }

    private static String teasers(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "<li><h3><a href='/" + i + "'>Another story with the number " + i + "</a></h3><p>" + TWO
                        + i + "</p></li>")
                .collect(Collectors.joining("", "<ul>", "</ul>"));
    }

    @Test
    void teasers_of_other_articles_go_and_a_page_of_them_stays() {
        String article = "<p>" + ONE + "</p><p>" + TWO + "</p><p>" + THREE + "</p>";
        assertThat(text(page("<main><div>" + article + "</div>" + teasers(6) + "</main>")))
                .isEqualTo(String.join("\n", ONE, TWO, THREE));
        assertThat(text(page("<main>" + teasers(30) + "</main>"))).contains(TWO + 0, TWO + 29);
        assertThat(text(page("<main>" + article + teasers(2) + "</main>"))).contains(TWO + 0, TWO + 1);
    }

    @Test
    void a_page_may_say_which_text_is_its_article() {
        String notice = "<div><p>" + THREE + "</p><p>" + THREE + "</p></div>";
        String body = "<p>Timetable</p><p>" + ONE + "</p><p>Monday 14:00</p>";
        assertThat(text(page("<div itemprop='articleBody'>" + body + "</div>" + notice)))
                .isEqualTo(String.join("\n", "Timetable", ONE, "Monday 14:00"));
        assertThat(text(page("<div>" + body + "</div>" + notice))).isEqualTo(String.join("\n", THREE, THREE));
    }

    @Test
    void what_ARIA_says_is_beside_the_text_goes_though_it_is_longer() {
        String beside = "<div role='complementary'><p>" + TWO + "</p><p>" + TWO + "</p></div>";
        assertThat(text(page("<main><p>" + ONE + "</p><p>" + THREE + "</p>" + beside + "</main>")))
                .isEqualTo(String.join("\n", ONE, THREE));
    }

    @Test
    void the_sections_of_an_encyclopedia_are_one_text() {
        String edit = "<span class='mw-editsection'>[<a href='/e'>edit</a> | <a href='/s'>edit the source</a>]</span>";
        String years = IntStream.range(1979, 1989)
                .mapToObj(year ->
                        "<tr><td><a href='/y'>" + year + "-" + (year + 4) + "</a></td><td><a>Party</a></td></tr>")
                .collect(Collectors.joining("", "<table>", "</table>"));
        String notice = "<table><tr><td>" + ONE + " " + TWO + "</td></tr></table>";
        String html = page("<div>" + notice + "<p>" + ONE + "</p><h2>History" + edit + "</h2><p>" + TWO
                + "</p><h2>Mayors" + edit + "</h2>" + years + "<h2>Costs" + edit + "</h2><p>" + THREE + "</p></div>");
        assertThat(text(html)).isEqualTo(String.join("\n", ONE + " " + TWO, ONE, "History", TWO, "Costs", THREE));
    }

    @Test
    void sentences_full_of_links_are_text() {
        String linked =
                "The engineers <a>Ada Miller of the county office</a> and <a>Jo Smith of the city</a> said so in"
                        + " <a>their report on all the bridges</a>.";
        assertThat(text(page("<div><p>" + ONE + "</p><p>" + linked + "</p><p>" + TWO + "</p></div>")))
                .isEqualTo(String.join("\n", ONE, linked.replaceAll("<[^>]+>", ""), TWO));
    }

    @Test
    void what_is_hidden_is_not_text() {
        assertThat(text(page("<div><p style='display: none'>" + TWO + "</p><p hidden>" + TWO + "</p><p>" + ONE
                        + "</p><p>" + THREE + "</p></div>")))
                .isEqualTo(String.join("\n", ONE, THREE));
    }

    @Test
    void a_page_without_prose_has_no_text() {
        assertThat(text(page(""))).isEmpty();
        assertThat(text("")).isEmpty();
        Outcome outcome = ExtractHtml.defaults().apply(Document.of("x", page("")));
        assertThat(((Outcome.Dropped) outcome).reason()).isEqualTo("extract.no_text");
        assertThat(((Outcome.Dropped) new ExtractHtml(10, 1).apply(Document.of("x", page("")))).reason())
                .isEqualTo("extract.too_large");
    }

    @Test
    void the_step_keeps_text_and_title() {
        Outcome outcome = ExtractHtml.defaults()
                .apply(Document.of("x", page("<div><p>" + ONE + "</p><p>" + TWO + "</p></div>"))
                        .with(Document.URL, "u"));
        Document kept = ((Outcome.Kept) outcome).document();
        assertThat(kept.text()).isEqualTo(ONE + "\n" + TWO);
        assertThat(kept.metadata())
                .containsEntry(Document.TITLE, "The old bridge is closed")
                .containsEntry(Document.URL, "u");
    }

    @Test
    void broken_and_hostile_pages_take_linear_time() {
        Random random = new Random(1);
        String[] parts = {
            "<div>",
            "<p>",
            "</p>",
            "</div>",
            "<a href=x>",
            "<b><i>",
            "</b>",
            "<table><tr>",
            "<li>",
            ONE,
            "<",
            "&am",
            "<!--",
            "-->",
            "\u0000",
            "<span class='",
            "'>",
            "<script>",
            "</script>",
            "<br>"
        };
        String soup = IntStream.range(0, 50_000)
                .mapToObj(i -> parts[random.nextInt(parts.length)])
                .collect(Collectors.joining());
        String deep = "<div>".repeat(100_000) + ONE + "</div>".repeat(100_000);
        String wide = ("<p>" + ONE + "</p>").repeat(20_000);
        String inline = "<b>".repeat(20_000) + ONE;
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            text(soup);
            assertThat(text(deep)).contains(ONE);
            assertThat(text(wide)).hasSize(20_000 * (ONE.length() + 1) - 1);
            text(inline);
        });
    }
}
