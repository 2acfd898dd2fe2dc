/* Half of each key from standard input, and its digits: 32 bytes in; 32 and 64 out. */
#include <stdio.h>

#include "kernel.h"

#include "oprf/scalar.h"

int main(void) {
    uint8_t key[32];
    while (fread(key, sizeof key, 1, stdin)) {
        uint64_t half[4];
        digits d;
        halve_scalar(half, key);
        digits_of(&d, half);
        fwrite(half, sizeof half, 1, stdout);
        fwrite(d.of, sizeof d.of, 1, stdout);
    }
    return 0;
}
