/* Stands for a disk that stalls: no sync returns as long as a file is there. Loaded before the C library. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

static void stall(void) {
    const char *file = getenv("STALL_FILE");
    while (file && access(file, F_OK) == 0)
        usleep(5000);
}

int fsync(int descriptor) {
    stall();
    return ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(descriptor);
}

int fdatasync(int descriptor) {
    stall();
    return ((int (*)(int))dlsym(RTLD_NEXT, "fdatasync"))(descriptor);
}
