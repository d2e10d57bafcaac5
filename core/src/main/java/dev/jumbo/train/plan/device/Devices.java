package dev.jumbo.train.plan.device;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Records;
import dev.jumbo.config.YamlFile;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Devices by name: those of {@code devices.yaml} beside this class, and those of a file, which come first. */
public final class Devices {
    /** The one that is measured instead of described. */
    public static final String THIS_MACHINE = "this machine";

    private static final String RESOURCE = "devices.yaml";

    private final List<DeviceSpec> known;

    /** A file of devices. */
    record Table(@Doc("Devices.") List<DeviceSpec> devices) {}

    private Devices(List<DeviceSpec> known) {
        this.known = List.copyOf(known);
    }

    /** @param file more devices, or null. @throws InputException if it is not as {@link DeviceSpec} */
    public static Devices load(@Nullable Path file) {
        Records records = Records.of();
        List<DeviceSpec> all = new ArrayList<>();
        if (file != null) {
            all.addAll(records.read(Table.class, YamlFile.read(file)).devices());
        }
        all.addAll(
                records.read(Table.class, YamlFile.parse(RESOURCE, resource())).devices());
        return new Devices(all);
    }

    private static String resource() {
        try (InputStream in = Devices.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new FailureException("the resource " + RESOURCE + " is missing: the build is incomplete");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new FailureException("cannot read the resource " + RESOURCE + ": " + e.getMessage(), e);
        }
    }

    /** Whether a name is that of the machine that plans. */
    public static boolean isThisMachine(String name) {
        return plain(name).equals(plain(THIS_MACHINE));
    }

    /** By name, or by a beginning of it that is one device's only ({@code H100}). @throws InputException with the nearest name */
    public DeviceSpec named(String name) {
        String wanted = plain(name);
        List<DeviceSpec> same =
                known.stream().filter(d -> plain(d.name()).equals(wanted)).toList();
        List<DeviceSpec> found = same.isEmpty()
                ? known.stream()
                        .filter(d -> !wanted.isEmpty() && plain(d.name()).startsWith(wanted))
                        .toList()
                : same;
        if (same.isEmpty() && found.size() != 1) {
            List<String> names = new ArrayList<>(names());
            names.add(THIS_MACHINE);
            throw new InputException("device: expected one of " + names + ", received \"" + name + "\""
                    + Nearest.hint(name, names) + "; describe others in a file and name it with --devices");
        }
        return found.get(0);
    }

    /** All names, those of the file first. */
    public List<String> names() {
        return known.stream().map(DeviceSpec::name).distinct().toList();
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }
}
