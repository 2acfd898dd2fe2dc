/* Evaluates three inputs once for each key on stdin (32 bytes each), one instruction at a time, and prints how many there
 * were and a hash of their addresses (oprf_timing.py --steps). All are children of one process, which allocates nothing
 * between them, so that addresses are the same. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel.h"

typedef int evaluate(fm_oprf *, unsigned);
typedef unsigned features_of(void);

static void child(evaluate *run, unsigned features, const uint8_t key[32]) {
    static uint8_t outputs[3][64];
    static const uint8_t tag[] = "HashToGroup-steps";
    static const uint8_t *const no_buffers[1];
    fm_view views[3] = {{.length = 5}, {.length = 9}, {.length = 12}};
    fm_oprf batch = {.key = key, .tag = tag, .tag_size = sizeof tag, .views = views, .buffers = no_buffers, .count = 3};
    batch.outputs = outputs[0];
    ptrace(PTRACE_TRACEME, 0, NULL, NULL);
    raise(SIGUSR1);
    const int found = run(&batch, features);
    raise(SIGUSR2);
    _exit(found);
}

int main(int count, char **arguments) {
    uint8_t key[32];
    setvbuf(stdin, NULL, _IONBF, 0);
    setvbuf(stdout, NULL, _IONBF, 0);
    void *library = count > 1 ? dlopen(arguments[1], RTLD_NOW) : NULL;
    if (!library)
        return 2;
    evaluate *run = (evaluate *)dlsym(library, "fm_oprf_evaluate");
    const unsigned features = ((features_of *)dlsym(library, "fm_features"))();
    while (fread(key, 1, sizeof key, stdin) == sizeof key) {
        const pid_t process = fork();
        if (!process)
            child(run, features, key);
        int status;
        uint64_t hash = 0xcbf29ce484222325, steps = 0; /* FNV-1a, by words */
        waitpid(process, &status, 0);
        while (WIFSTOPPED(status) && WSTOPSIG(status) != SIGUSR2) {
            struct user_regs_struct registers;
            if (ptrace(PTRACE_GETREGS, process, NULL, &registers))
                return 3;
            hash = (hash ^ registers.rip) * 0x100000001b3;
            steps++;
            ptrace(PTRACE_SINGLESTEP, process, NULL, NULL);
            waitpid(process, &status, 0);
        }
        ptrace(PTRACE_KILL, process, NULL, NULL);
        waitpid(process, &status, 0);
        printf("%llu %016llx\n", (unsigned long long)steps, (unsigned long long)hash);
    }
    return 0;
}
