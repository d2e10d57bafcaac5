package dev.jumbo.serve.repository.settings;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.serve.repository.disk.VersionNames;
import java.util.List;

/** Which of a model's versions answer. */
public sealed interface VersionPolicy {
    /** @param ascending versions that are there and may be loaded, the newest last */
    List<String> choose(List<String> ascending);

    /** The newest alone. */
    static VersionPolicy latest() {
        return new Latest(1);
    }

    /** The newest ones. Where one of them cannot be loaded, the next older one is. */
    @Kind("latest")
    @Doc("The newest versions, by number.")
    record Latest(@Doc("How many of them.") @Default("1") int count) implements VersionPolicy {
        public Latest {
            if (count < 1) {
                throw new InputException("versions.latest: expected 1 or more, received " + count);
            }
        }

        @Override
        public List<String> choose(List<String> ascending) {
            return List.copyOf(ascending.subList(Math.max(0, ascending.size() - count), ascending.size()));
        }
    }

    /** Every one. */
    @Kind("all")
    @Doc("Every version that is there.")
    record All() implements VersionPolicy {
        @Override
        public List<String> choose(List<String> ascending) {
            return List.copyOf(ascending);
        }
    }

    /** Those that are named. */
    @Kind("named")
    @Doc("The versions that are named, and no others.")
    record Named(
            @Doc("Their names, as texts: [\"1\", \"3\"].") List<String> names) implements VersionPolicy {
        public Named {
            names = List.copyOf(names);
            if (names.isEmpty()) {
                throw new InputException("versions.named: expected one version or more, received none");
            }
            for (String name : names) {
                if (!VersionNames.isName(name)) {
                    throw new InputException("versions.named: expected names that match"
                            + " [A-Za-z0-9][A-Za-z0-9._-]{0,63}, received \"" + name + "\"");
                }
            }
        }

        @Override
        public List<String> choose(List<String> ascending) {
            return ascending.stream().filter(names::contains).toList();
        }
    }
}
