package dev.jumbo.dist.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The batch script: {@code srun} starts one worker for each task, and again all of them when one was lost. */
final class Slurm {
    /** Seconds; longer than workers wait for one that never joins them (start_timeout_seconds). */
    private static final int WAIT = 600;

    /** Workers were told to end, and where training stands is saved. */
    private static final int STOPPED = 143;

    private static final Pattern SAFE = Pattern.compile("[\\w@%+=:,./-]+");

    private Slurm() {}

    static String batchScript(ClusterJob job) {
        Resources resources = job.resources();
        SlurmSettings batch = job.batch();
        List<String> lines = new ArrayList<>();
        lines.add("#!/usr/bin/env bash");
        lines.add("#SBATCH --job-name=" + job.name());
        int perNode = batch.workersPerNode();
        lines.add("#SBATCH --nodes=" + job.workers() / perNode);
        lines.add("#SBATCH --ntasks=" + job.workers());
        lines.add("#SBATCH --cpus-per-task=" + resources.cpus());
        lines.add("#SBATCH --ntasks-per-node=" + perNode);
        // Of a node.
        lines.add("#SBATCH --mem=" + resources.slurmMemory(perNode));
        if (resources.gpus() > 0) {
            lines.add("#SBATCH --gpus-per-task=" + resources.gpus());
        }
        if (batch.time() != null) {
            lines.add("#SBATCH --time=" + batch.time());
        }
        if (batch.partition() != null) {
            lines.add("#SBATCH --partition=" + batch.partition());
        }
        // Before the time limit workers are told to end, while there is time to save; the log goes on behind a requeue.
        lines.add("#SBATCH --signal=TERM@" + job.secondsToEnd());
        lines.add("#SBATCH --requeue");
        lines.add("#SBATCH --open-mode=append");
        lines.add("#SBATCH --output=" + job.name() + "-%j.log");
        lines.add("set -uo pipefail");
        lines.add("");
        lines.add("export OMP_NUM_THREADS=\"${SLURM_CPUS_PER_TASK:-" + resources.cpus() + "}\"");
        new TreeMap<>(job.environment()).forEach((name, value) -> lines.add("export " + name + "=" + quote(value)));
        List<String> command = new ArrayList<>(job.command());
        command.add("train");
        command.addAll(job.arguments());
        command.addAll(List.of("--out", job.out(), "--resume"));
        lines.add("");
        lines.add(
                "# All workers start again from the last checkpoint, unless they are done (0), the configuration is wrong (2) or they were told to end (143).");
        lines.add("for ((start = 0; start <= " + job.maxRestarts() + "; start++)); do");
        // Workers notice a lost one and end by themselves, each with its status. Ended at once, as --kill-on-bad-exit
        // does, they would hide a 2 behind the status of a signal; one that stands still is ended after a while.
        lines.add("  srun --wait=" + WAIT + " "
                + String.join(" ", command.stream().map(Slurm::quote).toList()));
        lines.add("  status=$?");
        lines.add("  if ((status == 0 || status == 2)); then");
        lines.add("    exit \"$status\"");
        lines.add("  fi");
        lines.add("  if ((status == " + STOPPED + ")); then");
        lines.add("    echo \"" + job.name() + ": told to end and saved; back into the queue\" >&2");
        lines.add("    scontrol requeue \"$SLURM_JOB_ID\"");
        lines.add("    exit \"$status\"");
        lines.add("  fi");
        lines.add("  echo \"" + job.name() + ": a worker was lost (status $status) at start $start\" >&2");
        lines.add("done");
        lines.add("exit \"$status\"");
        return String.join("\n", lines) + "\n";
    }

    /** A word of the shell. */
    static String quote(String text) {
        return SAFE.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
