/* Stands for a disk that stalls: no sync returns as long as a file is there; where a path is given, no sync of that file. Loaded before the
 * C library. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int concerns(int descriptor) {
    const char *only = getenv("STALL_ONLY");
    char link[64], path[PATH_MAX];
    if (!only)
        return 1;
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t len = readlink(link, path, sizeof path);
    return len == (ssize_t)strlen(only) && strncmp(path, only, (size_t)len) == 0;
}

static void stall(int descriptor) {
    const char *file = getenv("STALL_FILE");
    while (file && concerns(descriptor) && access(file, F_OK) == 0)
        usleep(5000);
}

int fsync(int descriptor) {
    stall(descriptor);
    return ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(descriptor);
}

int fdatasync(int descriptor) {
    stall(descriptor);
    return ((int (*)(int))dlsym(RTLD_NEXT, "fdatasync"))(descriptor);
}
