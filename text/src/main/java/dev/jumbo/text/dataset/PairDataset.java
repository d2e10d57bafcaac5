package dev.jumbo.text.dataset;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.Transform;
import dev.jumbo.data.View;
import java.util.List;
import java.util.Map;

/** Pairs of texts as ids, with the texts themselves in the same order: answers are compared with what was written, not with what ids say of it. */
public final class PairDataset extends View {
    private final Map<String, Transform> madeBy;
    private final List<String> sourceTexts;
    private final List<String> targetTexts;

    PairDataset(Dataset ids, Map<String, Transform> madeBy, List<String> sources, List<String> targets) {
        super(ids);
        this.madeBy = madeBy;
        sourceTexts = List.copyOf(sources);
        targetTexts = List.copyOf(targets);
    }

    /** What is read. */
    public List<String> sourceTexts() {
        return sourceTexts;
    }

    /** What it became. */
    public List<String> targetTexts() {
        return targetTexts;
    }

    @Override
    public Map<String, Transform> madeBy() {
        return madeBy;
    }
}
