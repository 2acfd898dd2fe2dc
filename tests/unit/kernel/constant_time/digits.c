/* The digits of a secret scalar, as oprf/batch.h takes them, for tests that change the template. */
#include "oprf.h"

#include "oprf/field52.h"

#include "oprf/scalar.h"

FM_API int digits_to(const uint8_t *key, digits *out) {
    uint64_t half[4];
    halve_scalar(half, key);
    digits_of(out, half);
    return 7;
}
