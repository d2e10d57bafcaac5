package dev.jumbo.spark.text.quality;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What spaCy splits, or keeps whole, against its rules for English: contractions, abbreviations, faces, hours. */
final class SpacyExceptions {
    private static final int LONGEST = 12;

    private static final String WHOLE =
            "' '' \\\") <space> C++ a. b. c. d. e. f. g. h. i. j. k. l. m. n. o. p. q. r. s. t. u. v. w. x. y. z. \u00e4. \u00f6. \u00fc. \\t \\n \u2014 "
                    + "Mt. Ak. Ala. Apr. Ariz. Ark. Aug. Calif. Colo. Conn. Dec. Del. Feb. Fla. Ga. Ia. Id. Ill. Ind. Jan. Jul. Jun. Kan. Kans. Ky. La. Mar. Mass. Mich. Minn. Miss. N.C. N.D. N.H. "
                    + "N.J. N.M. N.Y. Neb. Nebr. Nev. Nov. Oct. Okla. Ore. Pa. S.C. Sep. Sept. Tenn. Va. Wash. Wis. 'd a.m. Adm. Bros. co. Co. Corp. D.C. Dr. e.g. E.g. E.G. Gen. Gov. i.e. I.e. I.E. "
                    + "Inc. Jr. Ltd. Md. Messrs. Mo. Mont. Mr. Mrs. Ms. p.m. Ph.D. Prof. Rep. Rev. Sen. St. vs. v.s. 'S 's \u2018S \u2018s and/or w/o 're 'Cause 'cause 'cos 'Cos 'coz 'Coz 'cuz 'Cuz 'bout "
                    + "ma'am Ma'am o'clock O'clock lovin' Lovin' lovin Lovin havin' Havin' havin Havin doin' Doin' doin Doin goin' Goin' goin Goin nothin nothin' Nothin Nothin' nuthin nuthin' Nuthin Nuthin' "
                    + "ol ol' Ol Ol' somethin somethin' Somethin Somethin' em 'em ll 'll nuff 'nuff";

    private static final String FACES =
            ":) :-) :)) :-)) :))) :-))) (: (-: =) (= :] :-] [: [-: [= =] :o) (o: :} :-} 8) 8-) (-8 ;) ;-) (; (-; :( :-( :(( :-(( :((( :-((( ): )-: =( :') :'-) :'( :'-( :/ :-/ =/ =| :| :-| ]= =[ "
                    + ":1 :P :-P :p :-p :O :-O :o :-o :0 :-0 :() >:o :* :-* :3 :-3 =3 :> :-> :X :-X :x :-x :D :-D ;D ;-D =D xD XD xDD XDD 8D 8-D ^_^ ^__^ ^___^ >.< >.> <.< ._. ;_; -_- -__- v.v V.V v_v V_V o_o o_O O_o O_O 0_o o_0 0_0 o.O O.o "
                    + "O.O o.o 0.0 o.0 0.o @_@ <3 <33 <333 </3 (^_^) (-_-) (._.) (>_<) (*_*) (\u00ac_\u00ac) >:( ><(((*>";

    /** The lengths of the parts of each exception. */
    private static final Map<String, int[]> PARTS = new HashMap<>();

    static {
        whole(WHOLE);
        whole(FACES);
        pronouns();
        questions();
        verbs();
        for (int hour = 1; hour <= 12; hour++) {
            for (String half : new String[] {"a.m.", "am", "p.m.", "pm"}) {
                put(String.valueOf(hour), half);
            }
        }
        for (String pair :
                ("y'|all y|all how|'d|'y How|'d|'y not|'ve not|ve Not|'ve Not|ve can|not Can|not gon|na Gon|na got|ta Got|ta let|'s Let|'s c'm|on C'm|on "
                                + "\u00b0|c|. \u00b0|f|. \u00b0|k|. \u00b0|C|. \u00b0|F|. \u00b0|K|.")
                        .split(" ")) {
            put(pair.split("\\|"));
        }
        for (String word :
                "Ill ill Its its Hell hell Shell shell Shed shed were Were Well well Whore whore".split(" ")) {
            PARTS.remove(word);
        }
    }

    private SpacyExceptions() {}

    /** The lengths of an exception's parts; null if it is none. */
    static int @Nullable [] parts(String text, int from, int to) {
        return to - from > LONGEST ? null : PARTS.get(text.substring(from, to));
    }

    private static void whole(String list) {
        for (String word : list.split(" ")) {
            put(word);
        }
    }

    private static void pronouns() {
        for (String small : "i you he she it we they".split(" ")) {
            for (String pronoun : new String[] {small, title(small)}) {
                endings(pronoun, "'ll 'd");
                endings(pronoun, "'ll've 'd've");
                if (!isOne("he she it", small)) {
                    endings(pronoun, "'ve");
                }
                if (isOne("you we they", small)) {
                    endings(pronoun, "'re");
                }
                if (isOne("he she it", small)) {
                    endings(pronoun, "'s");
                }
                if (small.equals("i")) {
                    endings(pronoun, "'m");
                    put(pronoun, "'m", "a");
                    put(pronoun, "m", "a");
                }
            }
        }
    }

    private static void questions() {
        for (String small : "who what when where why how there that this these those".split(" ")) {
            boolean one = small.equals("that") || small.equals("this");
            boolean many = small.equals("these") || small.equals("those");
            for (String word : new String[] {small, title(small)}) {
                if (!many) {
                    endings(word, "'s");
                }
                endings(word, "'ll 'll've 'd 'd've");
                if (!one) {
                    endings(word, "'re 've");
                }
            }
        }
    }

    private static void verbs() {
        for (String small :
                "ca could do does did had may might must need ought sha should wo would ai are is was were have has dare"
                        .split(" ")) {
            for (String verb : new String[] {small, title(small)}) {
                put(verb, "n't");
                put(verb, "nt");
                if (!isOne("ai are is was were have has dare", small)) {
                    put(verb, "n't", "'ve");
                    put(verb, "nt", "ve");
                }
                if (isOne("could might must should would", small)) {
                    endings(verb, "'ve");
                }
            }
        }
    }

    /** Endings with their apostrophes and without. */
    private static void endings(String word, String endings) {
        for (String ending : endings.split(" ")) {
            List<String> parts = new ArrayList<>(List.of(word));
            List<String> bare = new ArrayList<>(List.of(word));
            for (String part : ending.substring(1).split("'")) {
                parts.add("'" + part);
                bare.add(part);
            }
            put(parts.toArray(new String[0]));
            put(bare.toArray(new String[0]));
        }
    }

    private static void put(String... parts) {
        int[] lengths = new int[parts.length];
        for (int i = 0; i < parts.length; i++) {
            lengths[i] = parts[i].length();
        }
        String text = String.join("", parts);
        PARTS.put(text, lengths);
        PARTS.put(text.replace('\'', '\u2019'), lengths);
    }

    private static boolean isOne(String list, String word) {
        return List.of(list.split(" ")).contains(word);
    }

    private static String title(String word) {
        return Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }
}
