/* The batch OPRF on four lanes of AVX2. Compiled with flags of its own (hatch_build.py); without, empty. */
#include "oprf.h"

#if defined(__AVX2__)
#include "oprf/vector256.h"

#include "oprf/field26.h"

#include "oprf/batch.h"

const fm_oprf_path fm_oprf_avx2 = {evaluate, LANES};
#else
const fm_oprf_path fm_oprf_avx2 = {NULL, 0};
#endif
