#include "models/descriptor/blas.hpp"

// OpenBLAS's own; null when another BLAS was linked.
extern "C" __attribute__((weak)) void openblas_set_num_threads(int);

namespace deid::models {

void use_one_blas_thread() {
  if (openblas_set_num_threads != nullptr)
    openblas_set_num_threads(1);
}

} // namespace deid::models
