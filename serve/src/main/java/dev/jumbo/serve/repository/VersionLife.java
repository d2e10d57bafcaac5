package dev.jumbo.serve.repository;

import dev.jumbo.serve.repository.disk.FoundVersion;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One version of a model from when it is found until it is gone. Guarded by the repository's lock. */
final class VersionLife {
    /** A directory that is renamed or linked anew can be missing for a moment. */
    private static final int LOOKS_UNTIL_GONE = 2;

    final String name;

    /** As it was seen last; null when it is gone. */
    @Nullable
    FoundVersion disk;

    /** What answers; null if it does not. */
    @Nullable
    LoadedVersion loaded;

    /** The content of {@link #loaded}. */
    String loadedContent = "";

    /** What is being loaded; null if nothing is. */
    @Nullable
    Loading loading;

    /** How many earlier ones still have requests or memory. */
    int draining;

    private long stillSince;
    private int missed;
    private @Nullable String failedStamp;
    private String failure = "";
    private boolean mayBeCopying;
    private boolean shortOfMemory;
    private boolean toldOfMemory;

    VersionLife(String name) {
        this.name = name;
    }

    /** @param now as of {@link System#nanoTime} */
    void see(FoundVersion found, long now) {
        missed = 0;
        if (disk == null || !disk.stamp().equals(found.stamp())) {
            long age = System.currentTimeMillis() - found.changedMillis();
            boolean known = disk == null && found.changedMillis() > 0 && age > 0;
            stillSince = now - (known ? TimeUnit.MILLISECONDS.toNanos(age) : 0);
        }
        disk = found;
        if (shortOfMemory) {
            forget(); // There may be some now.
        }
    }

    /** It was not seen. */
    void miss() {
        missed++;
        if (missed >= LOOKS_UNTIL_GONE) {
            disk = null;
        }
    }

    /** @param copying whether files that are not whole yet explain it */
    void fail(String stamp, String reason, boolean copying) {
        failedStamp = stamp;
        failure = reason;
        mayBeCopying = copying;
        shortOfMemory = false;
    }

    void failForMemory(String stamp, String reason) {
        fail(stamp, reason, false);
        shortOfMemory = true;
        toldOfMemory = true;
    }

    /** Whether the log says already that there is no memory for it. */
    boolean isToldOfMemory() {
        return toldOfMemory;
    }

    void begin(Loading started) {
        loading = started;
        toldOfMemory = false;
    }

    boolean isShortOfMemory() {
        return shortOfMemory && hasFailed();
    }

    /** What failed is tried again. */
    void forget() {
        failedStamp = null;
        shortOfMemory = false;
    }

    private boolean hasFailed() {
        return disk != null && disk.stamp().equals(failedStamp);
    }

    /** What stands on the disk, whether or not something answers: FOUND, COPYING or FAILED. */
    VersionState onDisk(long now, long settleNanos) {
        FoundVersion found = disk;
        if (found == null) {
            return VersionState.FAILED;
        }
        boolean still = now - stillSince >= settleNanos;
        if (found.refused() != null) {
            return VersionState.FAILED;
        }
        if (hasFailed()) {
            return mayBeCopying && !still ? VersionState.COPYING : VersionState.FAILED;
        }
        if (found.lacks() != null) {
            return still ? VersionState.FAILED : VersionState.COPYING;
        }
        return found.mustStandStill() && !still ? VersionState.COPYING : VersionState.FOUND;
    }

    /** Whether the disk has other content than what answers. */
    boolean isNews() {
        return disk != null && (loaded == null || !loadedContent.equals(disk.content()));
    }

    VersionState state(long now, long settleNanos) {
        if (loaded != null) {
            return VersionState.READY;
        }
        if (loading != null) {
            return loading.warming ? VersionState.WARMING : VersionState.LOADING;
        }
        if (draining > 0) {
            return VersionState.DRAINING;
        }
        return onDisk(now, settleNanos);
    }

    /** What is worth knowing beside the state. */
    String reason(long now, long settleNanos) {
        FoundVersion found = disk;
        String before = loaded == null ? "" : "the directory has changed: ";
        if (loading != null) {
            return loaded == null ? "" : before + "loading";
        }
        if (found == null) {
            return loaded == null && draining == 0 ? "" : "it is gone from the disk";
        }
        if (loaded != null && !isNews()) {
            return "";
        }
        if (found.refused() != null) {
            return before + found.refused();
        }
        if (hasFailed()) {
            return before + failure;
        }
        if (found.lacks() != null) {
            return before + found.lacks();
        }
        return before
                + (onDisk(now, settleNanos) == VersionState.COPYING
                        ? "its files still change"
                        : loaded != null ? "" : "not loaded");
    }

    boolean isGone() {
        return disk == null && loaded == null && loading == null && draining == 0;
    }

    /** A load under way. */
    static final class Loading {
        final FoundVersion from;
        volatile boolean warming;

        /** Whether nobody waits for it any more: what it makes is closed. */
        volatile boolean abandoned;

        Loading(FoundVersion from) {
            this.from = from;
        }
    }
}
