/* The batch OPRF on eight lanes of AVX-512 with IFMA. Compiled with flags of its own (hatch_build.py); without, empty. */
#include "oprf.h"

#if defined(__AVX512IFMA__) && defined(__AVX512BW__) && defined(__AVX512DQ__)
#include "oprf/field52.h"

#include "oprf/batch.h"

const fm_oprf_path fm_oprf_ifma = {evaluate, LANES};
#else
const fm_oprf_path fm_oprf_ifma = {NULL, 0};
#endif
