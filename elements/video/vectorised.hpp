#pragma once

/// DEID_VECTORISED before a function with loops over pixels compiles it twice: for every x86-64 processor,
/// and for processors with AVX2. The loader takes the fitting one at the start. Both give the same values to
/// the bit, because AVX2 alone has no fused multiply-add. Other compilers and sanitizers compile it once.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) &&     \
    !defined(__SANITIZE_THREAD__) && !defined(DEID_ONE_VERSION)
#define DEID_VECTORISED __attribute__((target_clones("avx2", "default")))
#else
#define DEID_VECTORISED
#endif
