package dev.jumbo.data.sound;

/** What becomes of several channels. */
public enum Channels {
    /** There is one; files of several are refused. */
    MONO,
    /** The mean of all counts. */
    MIX,
    /** The first one counts. */
    FIRST
}
