package dev.jumbo.nn.layers;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import dev.jumbo.nn.Cost;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Members;
import dev.jumbo.nn.Network;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Several models that an objective trains together, such as a generator and a discriminator: one of them answers when the whole is
 * asked, as by {@code predict} and the server. Parameters are named {@code generator.layers.0.weight}.
 *
 * @param models by name, in order
 * @param answers the name of the one that answers
 */
@Kind("models")
public record ModelGroup(
        @Doc("Models by name.") Map<String, GroupedModel> models,
        @Doc("The name of the one that answers.") String answers)
        implements Layer {
    /**
     * One of the models.
     *
     * @param input what it takes; null for the inputs of the data
     */
    public record GroupedModel(
            @Doc("What it takes; by default the inputs of the data.") @Default("null") @Nullable
            Spec input,

            @Doc("Its layers.") Layer layer) {
        private Specs inputs(Specs in) {
            return input == null ? in : Specs.of(input);
        }
    }

    /** @throws InputException if no model answers */
    public ModelGroup {
        models = new LinkedHashMap<>(models);
        if (!models.containsKey(answers)) {
            throw new InputException(
                    "models: there is no model \"" + answers + "\" to answer" + Nearest.hint(answers, models.keySet()));
        }
        for (String name : models.keySet()) {
            if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
                throw new InputException("models: expected names of letters, digits and _, received \"" + name + "\"");
            }
        }
    }

    private GroupedModel answering() {
        return Objects.requireNonNull(models.get(answers));
    }

    /** What the answering model takes, where the data has some inputs. */
    public Specs inputs(Specs data) {
        return answering().inputs(data);
    }

    /** The same with the inputs of every model written out. @param data inputs of the data @throws InputException if one takes the data's, which are several */
    public ModelGroup resolved(Specs data) {
        Map<String, GroupedModel> all = new LinkedHashMap<>();
        models.forEach((name, model) -> {
            if (model.input() == null && data.size() != 1) {
                throw new InputException("models." + name + ": expected its input, as the data has " + data.size()
                        + " inputs " + data.names() + "; write input: {shape: [...]}");
            }
            all.put(name, new GroupedModel(model.inputs(data).main(), model.layer()));
        });
        return new ModelGroup(all, answers);
    }

    @Override
    public Specs outputs(Specs in) {
        parts(in).forEach(part -> part.layer().outputs(part.inputs()));
        return answering().layer().outputs(inputs(in));
    }

    @Override
    public long flops(Specs in) {
        return Part.flops(parts(in));
    }

    @Override
    public List<Operation> work(Specs in, Compute how) {
        return Cost.of(parts(in), how);
    }

    @Override
    public List<Part> parts(Specs in) {
        List<Part> parts = new ArrayList<>();
        models.forEach((name, model) -> parts.add(new Part(name, model.layer(), model.inputs(in))));
        return parts;
    }

    @Override
    public Layer withPart(String path, Layer other) {
        GroupedModel model = models.get(path);
        if (model == null) {
            return Layer.super.withPart(path, other);
        }
        Map<String, GroupedModel> all = new LinkedHashMap<>(models);
        all.put(path, new GroupedModel(model.input(), other));
        return new ModelGroup(all, answers);
    }

    @Override
    public Set<String> sides() {
        return answering().layer().sides();
    }

    @Override
    public Set<String> reads(Specs in) {
        return answering().input() == null ? answering().layer().reads(in) : in.names();
    }

    @Override
    public Network build(Specs in, Parameters into) {
        Map<String, Members.Member> built = new LinkedHashMap<>();
        for (Part part : parts(in)) {
            Network network = into.build(part.path(), part.layer(), part.inputs());
            built.put(part.path(), new Members.Member(part.layer(), part.inputs(), network));
        }
        return new Group(built, answers);
    }

    private record Group(Map<String, Members.Member> built, String answers) implements Members {
        @Override
        public Member member(String name) {
            Member member = built.get(name);
            if (member == null) {
                throw new InputException("there is no model \"" + name + "\"" + Nearest.hint(name, built.keySet()));
            }
            return member;
        }

        @Override
        public Tensors forward(Tensors xs, Pass pass) {
            return member(answers).network().forward(xs, pass);
        }
    }
}
