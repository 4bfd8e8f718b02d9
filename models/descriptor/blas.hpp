#pragma once

namespace deid::models {

/// Tells OpenBLAS, for the whole process, to compute in the thread that calls it. dlib's products are small:
/// on 2 cores a second thread saves a tenth of the time, spins through the rest of it, and takes the core that
/// the detector needs. Does nothing with another BLAS. OPENBLAS_NUM_THREADS says the same from outside.
/// Threads: any; not while another thread computes with BLAS.
void use_one_blas_thread();

} // namespace deid::models
