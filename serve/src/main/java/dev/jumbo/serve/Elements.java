package dev.jumbo.serve;

/** The values of one tensor of a request, row-major, whatever form they came in. */
interface Elements {
    int size();

    /** A value as a number with a fraction. */
    double real(int index);

    /** A value as a whole number. @throws dev.jumbo.error.InputException if it has a fraction */
    long whole(int index);
}
