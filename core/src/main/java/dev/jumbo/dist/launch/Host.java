package dev.jumbo.dist.launch;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** This machine. */
public final class Host {
    private Host() {}

    /** Its name for messages. */
    public static String name() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "this machine";
        }
    }
}
