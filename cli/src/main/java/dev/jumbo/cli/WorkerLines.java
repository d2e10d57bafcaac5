package dev.jumbo.cli;

import dev.jumbo.dist.launch.WorkerProcess;
import java.io.PrintWriter;

/** What a worker writes, shown by its launcher: rank 0's as if it were alone, the others' with their rank in front. */
record WorkerLines(int rank, Verb verb) implements WorkerProcess.Output {
    @Override
    public void out(String line) {
        PrintWriter out = verb.out();
        out.println(rank == 0 ? line : "[" + rank + "] " + line);
        out.flush();
    }

    @Override
    public void err(String line) {
        // Why a worker failed is said once, when it is known who failed first.
        if (verb.isVerbose() || !line.startsWith(WorkerProcess.ERROR)) {
            verb.say(rank == 0 ? line : "[" + rank + "] " + line);
        }
    }
}
