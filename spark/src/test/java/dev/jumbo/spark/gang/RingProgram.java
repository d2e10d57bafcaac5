package dev.jumbo.spark.gang;

import dev.jumbo.dist.launch.LauncherLink;
import dev.jumbo.dist.launch.WorkerExit;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A worker that trains nothing: meets the others through rank 0, says so, notes its process's number, and stays until a
 * file tells it to end.
 */
public final class RingProgram {
    private RingProgram() {}

    /** @param args the configuration and the directory of the run */
    public static void main(String[] args) throws IOException, InterruptedException {
        LauncherLink link = LauncherLink.open(
                System.in, System.out, () -> Runtime.getRuntime().halt(WorkerExit.ORPHANED));
        int rank = Integer.parseInt(System.getenv("RANK"));
        int size = Integer.parseInt(System.getenv("WORLD_SIZE"));
        String text = Files.readString(Path.of(args[0])).strip();
        Path directory = Path.of(args[1]);
        if (rank == 0 && Files.exists(directory.resolve("fail"))) {
            System.err.println("jumbo: no space left on device");
            Runtime.getRuntime().halt(1);
        }
        meet(link, rank, size);
        System.out.println("rank " + rank + " of " + size + " has " + text);
        Path note =
                directory.resolve("pid-" + rank + "-" + ProcessHandle.current().pid());
        Files.writeString(note, "" + ProcessHandle.current().pid());
        while (!Files.exists(directory.resolve("end"))) {
            Thread.sleep(50);
        }
    }

    private static void meet(LauncherLink link, int rank, int size) throws IOException {
        if (rank == 0) {
            try (ServerSocket server = new ServerSocket(0, 0, InetAddress.getByName(System.getenv("MASTER_ADDR")))) {
                link.announce(System.getenv("MASTER_ADDR") + ":" + server.getLocalPort());
                for (int other = 1; other < size; other++) {
                    try (Socket socket = server.accept()) {
                        socket.getOutputStream().write("welcome\n".getBytes(StandardCharsets.UTF_8));
                    }
                }
            }
            return;
        }
        String[] address = link.await().split(":");
        try (Socket socket = new Socket(address[0], Integer.parseInt(address[1]));
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            if (!"welcome".equals(in.readLine())) {
                throw new IOException("rank 0 does not answer");
            }
        }
    }
}
