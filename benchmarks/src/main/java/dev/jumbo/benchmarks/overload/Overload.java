package dev.jumbo.benchmarks.overload;

import dev.jumbo.benchmarks.RawConnection;
import dev.jumbo.error.InputException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The peak of a server, which is the best of 1, 8 and 64 clients that each wait for their answer, and then more requests than that,
 * whether it answers or not: what is good of them, how late the answers are, what is refused. Each request says by when it wants its
 * answer. Ends with 1 where five times the peak leaves less than 95 % of it in time, or the 99th percentile of what is answered is
 * behind the deadline.
 *
 * <p>{@code Overload PORT PATH TYPE BODY_FILE CONNECTIONS DEADLINE_MS SECONDS [HEADER: VALUE ...]}
 */
public final class Overload {
    private static final double PEAK_SECONDS = 5;
    private static final double GOAL = 0.95;

    private Overload() {}

    public static void main(String[] args) throws IOException {
        if (args.length < 7) {
            throw new InputException(
                    "expected PORT PATH TYPE BODY_FILE CONNECTIONS DEADLINE_MS SECONDS [HEADER ...], received "
                            + args.length + " arguments");
        }
        double deadline = Double.parseDouble(args[5]);
        double seconds = Double.parseDouble(args[6]);
        List<String> headers =
                new ArrayList<>(List.of("Content-Type: " + args[2], "timeout: " + Math.round(deadline * 1000)));
        headers.addAll(List.of(args).subList(7, args.length));
        byte[] request = RawConnection.request(
                "POST", args[1], Files.readAllBytes(Path.of(args[3])), headers.toArray(String[]::new));
        var server = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
        // What is measured first would else be the compilers of both sides.
        new OpenLoad(server, request, 8).run(Double.POSITIVE_INFINITY, PEAK_SECONDS, deadline);
        double peak = 0;
        for (int clients : new int[] {1, 8, 64}) {
            OpenLoad.Step step =
                    new OpenLoad(server, request, clients).run(Double.POSITIVE_INFINITY, PEAK_SECONDS, deadline);
            System.out.println("{\"clients\":" + clients + "," + step.json() + "}");
            peak = Math.max(peak, step.good());
        }
        OpenLoad load = new OpenLoad(server, request, Integer.parseInt(args[4]));
        OpenLoad.Step last = null;
        for (double times : new double[] {0.8, 2, 5}) {
            last = load.run(peak * times, seconds, deadline);
            System.out.printf(
                    Locale.ROOT,
                    "{\"times_the_peak\":%.1f,\"of_the_peak\":%.3f,%s}%n",
                    times,
                    last.good() / peak,
                    last.json());
        }
        System.exit(last != null && last.good() >= GOAL * peak && last.p99() <= deadline ? 0 : 1);
    }
}
