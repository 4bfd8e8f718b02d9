#pragma once

namespace deid::models {

/// Tells OpenBLAS, for the whole process, to compute in the thread that calls it. dlib's products are small:
/// a second thread took 7 % more CPU (13.3 -> 14.2 ms a face) and no less time on two busy cores, and it
/// takes the core that the detector needs. Does nothing with another BLAS. OPENBLAS_NUM_THREADS says the same
/// from outside. Threads: any; not while another thread computes with BLAS.
void use_one_blas_thread();

} // namespace deid::models
