"""Documents are parsed in child processes with limits of time and memory; what both ends of the pipe agree on."""

LENGTH_BYTES = 8  # of the number before each answer, big endian
CPU_BYTES = 4  # of the milliseconds of processor time that the child has used so far, behind it
LAST = 1 << 63  # set in a length: the child has run out of memory, this is its last answer
READY = b"R"  # what a child says once it can take work
