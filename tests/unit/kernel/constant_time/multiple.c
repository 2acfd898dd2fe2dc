/* One multiple by a secret scalar, as oprf/batch.h has it, for tests that change the templates. */
#include "oprf.h"

#include "oprf/field52.h"

#include "oprf/multiply.h"

FM_API int multiple(const uint8_t *key, const completed *point, projective *out) {
    uint64_t half[4];
    digits d;
    halve_scalar(half, key);
    digits_of(&d, half);
    multiply(out, point, &d);
    return 7;
}
