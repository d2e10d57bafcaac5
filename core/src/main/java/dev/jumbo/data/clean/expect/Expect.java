package dev.jumbo.data.clean.expect;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.clean.CleaningReport;
import dev.jumbo.data.clean.CleaningStep;
import dev.jumbo.data.clean.Edits;
import dev.jumbo.data.table.Table;
import dev.jumbo.error.InputException;
import java.util.List;

/** What is expected of the table as the steps before have left it. Nothing is changed; the report has a verdict on each. */
@Kind("expect")
public record Expect(
        @Doc("What is expected.") List<Expectation> checks,

        @Doc("Whether preparing or training fails, with status 1, if one is not met; false: it is only shown.")
        @Default("false")
        boolean fail)
        implements CleaningStep {

    public Expect {
        checks = List.copyOf(checks);
        if (checks.isEmpty()) {
            throw new InputException("expected checks in expect, such as not_missing or unique; received none");
        }
    }

    /** Expectations that are only shown. */
    public static Expect of(Expectation... checks) {
        return new Expect(List.of(checks), false);
    }

    @Override
    public boolean isLocal() {
        return false;
    }

    @Override
    public void apply(Table table, Edits edits) {
        for (Expectation check : checks) {
            check.judge(table, edits)
                    .forEach(finding -> edits.verdict(
                            new CleaningReport.Verdict(finding.expected(), finding.met(), finding.words(), fail)));
        }
    }
}
