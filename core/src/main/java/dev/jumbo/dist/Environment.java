package dev.jumbo.dist;

import dev.jumbo.error.InputException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A worker's {@link Placement} from the variables that launchers set: torchrun and all that speak its names (Jumbo's own
 * launchers, Kubernetes' PyTorchJob), SLURM's srun, OpenMPI's mpirun, mpiexec of MPICH, Intel MPI and MVAPICH2, and
 * Kubernetes' JobSet or indexed jobs. Where
 * variables contradict each other, or could mean two things, nothing is guessed: training with the wrong number of workers
 * would go unnoticed.
 */
public final class Environment {
    private static final String RANK = "RANK";
    private static final String WORLD_SIZE = "WORLD_SIZE";
    private static final String LOCAL_RANK = "LOCAL_RANK";
    private static final String LOCAL_WORLD_SIZE = "LOCAL_WORLD_SIZE";
    private static final String MASTER_ADDR = "MASTER_ADDR";
    private static final String MASTER_PORT = "MASTER_PORT";
    private static final String RESTARTS = "TORCHELASTIC_RESTART_COUNT";
    private static final String INDEX = "JOB_COMPLETION_INDEX";
    private static final int FIRST_SLURM_PORT = 20_000;
    private static final int SLURM_PORTS = 10_000;

    private final Map<String, String> variables;

    private Environment(Map<String, String> variables) {
        this.variables = variables;
    }

    /** Where a launcher placed a process, as far as the variables say. */
    private record Place(
            String launcher,
            int rank,
            int size,
            @Nullable Integer localRank,
            @Nullable Integer localSize) {}

    /**
     * Reads what a launcher has set.
     *
     * @return empty for a process that nobody launched as a worker
     * @throws InputException if variables are missing, contradict each other or could mean two things, naming them
     */
    public static Optional<Placement> placement(Map<String, String> variables) {
        return new Environment(variables).placement();
    }

    private Optional<Placement> placement() {
        List<Place> places = new ArrayList<>();
        torchrun(places);
        // torchrun and Jumbo's launchers may themselves run under another one, whose ranks are then those of nodes.
        if (places.isEmpty() || !has("TORCHELASTIC_RUN_ID") && !has("JUMBO_GANG")) {
            slurm(places);
            openMpi(places);
            mpich(places);
            mvapich(places);
        }
        if (places.isEmpty()) {
            refuseUnknown();
        }
        if (places.isEmpty()) {
            return Optional.empty();
        }
        Place first = places.get(0);
        for (Place other : places) {
            if (other.rank != first.rank || other.size != first.size) {
                throw new InputException("ambiguous environment: " + describe(first) + ", but " + describe(other)
                        + "; unset the variables of the one that did not start this process: " + set());
            }
        }
        int localRank = first.localRank == null ? 0 : first.localRank;
        int localSize = first.localSize == null ? 1 : first.localSize;
        if (first.localRank != null && first.localSize == null) {
            localSize = localRank + 1;
        }
        boolean storeIsServed = "True".equalsIgnoreCase(variables.getOrDefault("TORCHELASTIC_USE_AGENT_STORE", ""));
        return Optional.of(new Placement(
                first.rank,
                first.size,
                localRank,
                Math.min(localSize, first.size),
                masterAddress(first),
                masterPort(first),
                storeIsServed,
                storeIsServed && has(RESTARTS) ? number(RESTARTS) : 0));
    }

    private void torchrun(List<Place> places) {
        if (!has(WORLD_SIZE) && !has(RANK)) {
            return;
        }
        if ("1".equals(text(WORLD_SIZE)) && !has(RANK)) {
            return;
        }
        if (has(WORLD_SIZE) && !has(RANK) && has(INDEX)) {
            places.add(new Place("JobSet", number(INDEX), number(WORLD_SIZE), null, null));
            return;
        }
        if (!has(RANK)) {
            if (has("SLURM_STEP_ID") || has("OMPI_COMM_WORLD_RANK") || has("PMI_RANK") || has("MV2_COMM_WORLD_RANK")) {
                return; // Those say the rank; masterAddress() and the sizes are compared below.
            }
            throw new InputException("ambiguous environment: WORLD_SIZE=" + variables.get(WORLD_SIZE)
                    + " is set but RANK is not; some platforms put the number of nodes there: set RANK and WORLD_SIZE to"
                    + " those of this process, or unset WORLD_SIZE to train alone");
        }
        if (!has(WORLD_SIZE)) {
            throw new InputException("ambiguous environment: RANK=" + variables.get(RANK)
                    + " is set but WORLD_SIZE is not; set it to the number of workers, or unset RANK to train alone");
        }
        places.add(new Place("torchrun", number(RANK), number(WORLD_SIZE), find(LOCAL_RANK), find(LOCAL_WORLD_SIZE)));
        if (has(LOCAL_WORLD_SIZE) && number(LOCAL_WORLD_SIZE) > number(WORLD_SIZE)) {
            throw new InputException("ambiguous environment: LOCAL_WORLD_SIZE=" + variables.get(LOCAL_WORLD_SIZE)
                    + " is more than WORLD_SIZE=" + variables.get(WORLD_SIZE)
                    + "; WORLD_SIZE must be the number of all workers, not of nodes");
        }
    }

    /** Only a task of srun: a batch script has SLURM's other variables too, and is no worker. */
    private void slurm(List<Place> places) {
        if (has("SLURM_STEP_ID") && has("SLURM_PROCID")) {
            String tasks = has("SLURM_STEP_NUM_TASKS") ? "SLURM_STEP_NUM_TASKS" : "SLURM_NTASKS";
            require(tasks, "SLURM");
            places.add(new Place(
                    "SLURM",
                    number("SLURM_PROCID"),
                    number(tasks),
                    find("SLURM_LOCALID"),
                    find("SLURM_NTASKS_PER_NODE")));
            agreeOnSize("SLURM", tasks);
        }
    }

    private void openMpi(List<Place> places) {
        if (has("OMPI_COMM_WORLD_RANK")) {
            require("OMPI_COMM_WORLD_SIZE", "OpenMPI");
            places.add(new Place(
                    "OpenMPI",
                    number("OMPI_COMM_WORLD_RANK"),
                    number("OMPI_COMM_WORLD_SIZE"),
                    find("OMPI_COMM_WORLD_LOCAL_RANK"),
                    find("OMPI_COMM_WORLD_LOCAL_SIZE")));
            agreeOnSize("OpenMPI", "OMPI_COMM_WORLD_SIZE");
        }
    }

    /** mpiexec.hydra of MPICH and of Intel MPI, and what else speaks PMI. */
    private void mpich(List<Place> places) {
        if (has("PMI_RANK")) {
            require("PMI_SIZE", "mpiexec");
            places.add(new Place(
                    "mpiexec (PMI)",
                    number("PMI_RANK"),
                    number("PMI_SIZE"),
                    find("MPI_LOCALRANKID"),
                    find("MPI_LOCALNRANKS")));
            agreeOnSize("mpiexec", "PMI_SIZE");
        }
    }

    private void mvapich(List<Place> places) {
        if (has("MV2_COMM_WORLD_RANK")) {
            require("MV2_COMM_WORLD_SIZE", "MVAPICH2");
            places.add(new Place(
                    "MVAPICH2",
                    number("MV2_COMM_WORLD_RANK"),
                    number("MV2_COMM_WORLD_SIZE"),
                    find("MV2_COMM_WORLD_LOCAL_RANK"),
                    find("MV2_COMM_WORLD_LOCAL_SIZE")));
            agreeOnSize("MVAPICH2", "MV2_COMM_WORLD_SIZE");
        }
    }

    /**
     * Variables of launchers that start several processes but do not say how many in a way that is read here: each process
     * would train by itself, all in one directory.
     */
    private void refuseUnknown() {
        if ("1".equals(text(WORLD_SIZE))) {
            return; // Who says so trains alone.
        }
        for (String name :
                List.of(INDEX, "PMIX_RANK", "PALS_RANKID", "ALPS_APP_PE", "JSM_NAMESPACE_RANK", "FLUX_TASK_RANK")) {
            if (has(name)) {
                throw new InputException("ambiguous environment: " + name + "=" + variables.get(name)
                        + " says that a launcher has started this process as one of several, but not of how many: set"
                        + (name.equals(INDEX) ? "" : " RANK,")
                        + " WORLD_SIZE, MASTER_ADDR and MASTER_PORT to train together, or WORLD_SIZE=1 to train alone (each"
                        + " process into a directory of its own)");
            }
        }
    }

    private void agreeOnSize(String launcher, String size) {
        if (has(WORLD_SIZE) && number(WORLD_SIZE) != number(size)) {
            throw new InputException("ambiguous environment: WORLD_SIZE=" + variables.get(WORLD_SIZE) + ", but "
                    + launcher + " set " + size + "=" + variables.get(size) + "; unset WORLD_SIZE");
        }
    }

    private String masterAddress(Place place) {
        if (has(MASTER_ADDR)) {
            return text(MASTER_ADDR);
        }
        if (place.size == 1) {
            return "127.0.0.1";
        }
        if (place.launcher.equals("SLURM")) {
            String nodes = variables.getOrDefault("SLURM_STEP_NODELIST", variables.get("SLURM_JOB_NODELIST"));
            if (nodes != null && !nodes.isBlank()) {
                return HostList.first(nodes);
            }
        }
        throw new InputException("expected MASTER_ADDR, the name or address of the machine of rank 0, found none"
                + (place.launcher.equals("OpenMPI")
                        ? "; pass it on with mpirun -x MASTER_ADDR -x MASTER_PORT"
                        : place.launcher.equals("mpiexec (PMI)")
                                ? "; pass it on with mpiexec -genv MASTER_ADDR HOST -genv MASTER_PORT PORT"
                                : ""));
    }

    private int masterPort(Place place) {
        if (has(MASTER_PORT)) {
            return number(MASTER_PORT);
        }
        if (place.size == 1) {
            return 0;
        }
        if (place.launcher.equals("SLURM") && has("SLURM_JOB_ID")) {
            // The same on all tasks, and another for each job on a shared machine.
            return FIRST_SLURM_PORT + Math.floorMod(number("SLURM_JOB_ID"), SLURM_PORTS);
        }
        throw new InputException("expected MASTER_PORT, a free port on the machine of rank 0, found none");
    }

    private boolean has(String name) {
        return !variables.getOrDefault(name, "").isBlank();
    }

    private String text(String name) {
        return variables.getOrDefault(name, "").strip();
    }

    private @Nullable Integer find(String name) {
        return has(name) ? number(name) : null;
    }

    private int number(String name) {
        String text = text(name);
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new InputException("expected a number in the variable " + name + ", received \"" + text + "\"", e);
        }
    }

    private void require(String name, String launcher) {
        if (!has(name)) {
            throw new InputException("expected the variable " + name + ", which " + launcher + " sets, found none");
        }
    }

    private static String describe(Place place) {
        return place.launcher + " says rank " + place.rank + " of " + place.size;
    }

    /** All variables that have a say, with their values. */
    private Map<String, String> set() {
        Map<String, String> found = new LinkedHashMap<>();
        new TreeMap<>(variables).forEach((name, value) -> {
            boolean counts = List.of(RANK, WORLD_SIZE, LOCAL_RANK, LOCAL_WORLD_SIZE, INDEX)
                            .contains(name)
                    || name.startsWith("OMPI_COMM_WORLD_")
                    || name.startsWith("MV2_COMM_WORLD_")
                    || name.startsWith("PMI_")
                    || List.of("SLURM_STEP_ID", "SLURM_PROCID", "SLURM_NTASKS", "SLURM_STEP_NUM_TASKS")
                            .contains(name);
            if (counts) {
                found.put(name, value);
            }
        });
        return found;
    }
}
